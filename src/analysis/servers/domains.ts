// Services and the domains they answer under, as their operators document them (allow lists for firewalls, developer
// pages). A domain stands with everything below it; a longer one that is listed elsewhere is that other service's.

/** What a service is for. */
export const serviceCategories = [
  'advertising',
  'ai',
  'chat',
  'cloud',
  'development',
  'files',
  'game',
  'mail',
  'meeting',
  'music',
  'names',
  'news',
  'office',
  'payment',
  'remote',
  'search',
  'security',
  'shop',
  'smart-home',
  'social',
  'system',
  'video',
  'vpn',
] as const;
export type ServiceCategory = (typeof serviceCategories)[number];

/** A line for each service: name, category, domains; `#` begins a heading. */
export const serviceTable = `
# Google
google search google.com google.de google.fr google.it google.es google.co.uk google.co.jp google.ca google.com.au google.com.br google.co.in google.nl google.pl google.ru google.ch google.at google.be google.se gstatic.com googleapis.com googleusercontent.com withgoogle.com ggpht.com g.co goo.gl 1e100.net gvt1.com gvt2.com
youtube video youtube.com youtu.be ytimg.com googlevideo.com youtube-nocookie.com youtubei.googleapis.com youtube.googleapis.com yt3.ggpht.com
gmail mail gmail.com mail.google.com googlemail.com smtp.gmail.com imap.gmail.com inbox.google.com
google-drive files drive.google.com docs.google.com sheets.google.com slides.google.com drive.googleapis.com
google-maps search maps.google.com maps.googleapis.com maps.gstatic.com maps-api-ssl.google.com
google-meet meeting meet.google.com meetings.googleapis.com hangouts.google.com hangouts.googleapis.com turn.google.com
google-play system play.google.com play.googleapis.com android.clients.google.com play-fe.googleapis.com
google-services system mtalk.google.com clients1.google.com clients2.google.com clients3.google.com clients4.google.com clients5.google.com clients6.google.com connectivitycheck.gstatic.com connectivitycheck.android.com firebaseio.com firebase.google.com fcm.googleapis.com crashlytics.com app-measurement.com
google-cloud cloud cloud.google.com appspot.com run.app cloudfunctions.net storage.googleapis.com
google-ads advertising doubleclick.net googlesyndication.com googleadservices.com googletagmanager.com googletagservices.com google-analytics.com admob.com adservice.google.com
google-dns names dns.google dns.google.com 8888.google
gemini ai gemini.google.com generativelanguage.googleapis.com bard.google.com
nest smart-home nest.com dropcam.com
# Meta
facebook social facebook.com facebook.net fb.com fb.me fbcdn.net fbsbx.com facebook.de fbcdn.com
instagram social instagram.com cdninstagram.com ig.me
whatsapp chat whatsapp.com whatsapp.net wa.me
messenger chat messenger.com m.me edge-mqtt.facebook.com edge-chat.facebook.com mqtt-mini.facebook.com
threads social threads.net threads.com
oculus game oculus.com oculuscdn.com oculus.facebook.com
# Microsoft
microsoft system microsoft.com msftconnecttest.com msftncsi.com microsoftonline-p.com aka.ms msocsp.com msedge.net microsoft.net msn.com s-microsoft.com
office365 office office.com office365.com office.net microsoftonline.com microsoft365.com officeapps.live.com msauth.net msauthimages.net msftauth.net onenote.com office365.us
teams meeting teams.microsoft.com teams.live.com teams.microsoft.us teams.cdn.office.net teams.events.data.microsoft.com trouter.teams.microsoft.com teams.office.com
outlook mail outlook.com outlook.live.com outlook.office365.com outlook.office.com hotmail.com smtp.office365.com mail.live.com
skype chat skype.com skypeassets.com skypeecs.net lync.com skype.net trouter.skype.com
onedrive files onedrive.com onedrive.live.com 1drv.com 1drv.ms storage.live.com files.1drv.com
sharepoint files sharepoint.com sharepointonline.com
azure cloud azure.com azure.net windows.net azureedge.net azurewebsites.net azurefd.net azure-api.net cloudapp.net trafficmanager.net azure-devices.net
windows-update system windowsupdate.com update.microsoft.com delivery.mp.microsoft.com download.windowsupdate.com windowsupdate.microsoft.com do.dsp.mp.microsoft.com
bing search bing.com bing.net bingapis.com
xbox game xboxlive.com xbox.com xboxservices.com gamepass.com
linkedin social linkedin.com licdn.com lnkd.in
github development github.com github.io githubusercontent.com githubassets.com github.dev ghcr.io githubapp.com
npm development npmjs.org npmjs.com npm.community
visual-studio development visualstudio.com vscode-cdn.net vsassets.io vo.msecnd.net
live system live.com live.net passport.net login.live.com
copilot ai copilot.microsoft.com githubcopilot.com copilot.cloud.microsoft
# Apple
apple system apple.com cdn-apple.com mzstatic.com aaplimg.com apple-dns.net apple.news apple-cloudkit.com
icloud files icloud.com icloud-content.com icloud.net me.com mac.com icloud.apple.com cloudkit.apple.com
apple-push system push.apple.com push-apple.com.akadns.net
apple-store system apps.apple.com itunes.apple.com itunes.com app-store.apple.com buy.itunes.apple.com
apple-music music music.apple.com audio-ssl.itunes.apple.com amp-api.music.apple.com
apple-tv video tv.apple.com play-edge.itunes.apple.com
facetime meeting facetime.apple.com ess.apple.com
siri ai siri.apple.com guzzoni.apple.com smoot.apple.com
apple-update system swcdn.apple.com swscan.apple.com updates.cdn-apple.com mesu.apple.com gdmf.apple.com
apple-private-relay vpn mask.icloud.com mask-h2.icloud.com mask-api.icloud.com mask.apple-dns.net
# Amazon
amazon shop amazon.com amazon.de amazon.co.uk amazon.fr amazon.it amazon.es amazon.co.jp amazon.ca amazon.in amazon.com.br ssl-images-amazon.com media-amazon.com amazon-adsystem.com a2z.com
aws cloud amazonaws.com aws.amazon.com awsstatic.com cloudfront.net elasticbeanstalk.com amazonaws.com.cn aws.dev awsglobalaccelerator.com
prime-video video primevideo.com amazonvideo.com aiv-cdn.net aiv-delivery.net pv-cdn.net
amazon-music music music.amazon.com amazonmusic.com
alexa smart-home alexa.amazon.com avs-alexa-na.amazon.com avs-alexa-eu.amazon.com alexa.amazon.de device-metrics-us.amazon.com
twitch video twitch.tv ttvnw.net jtvnw.net twitchcdn.net twitchsvc.net
ring smart-home ring.com
audible music audible.com audible.de audible.co.uk
# Delivery, cloud, names
cloudflare cloud cloudflare.com cloudflare.net cloudflareinsights.com cloudflarestorage.com workers.dev pages.dev cloudflare-ipfs.com cf-ipfs.com
cloudflare-dns names cloudflare-dns.com one.one.one.one 1dot1dot1dot1.cloudflare-dns.com mozilla.cloudflare-dns.com
cloudflare-warp vpn cloudflareclient.com engage.cloudflareclient.com
akamai cloud akamai.net akamai.com akamaihd.net akamaiedge.net akamaized.net edgekey.net edgesuite.net akadns.net akamaitechnologies.com
fastly cloud fastly.net fastly.com fastlylb.net fastly-edge.com
edgecast cloud edgecastcdn.net edgecast.com edgio.net llnwd.net limelight.com
cachefly cloud cachefly.net cachefly.com
bunny cloud b-cdn.net bunny.net bunnycdn.com
digitalocean cloud digitalocean.com digitaloceanspaces.com ondigitalocean.app
hetzner cloud hetzner.com hetzner.de your-server.de hetzner.cloud
ovh cloud ovh.com ovh.net ovhcloud.com
linode cloud linode.com linodeobjects.com
oracle-cloud cloud oraclecloud.com oracle.com oci.oraclecloud.com
ibm-cloud cloud ibm.com cloud.ibm.com bluemix.net softlayer.com
alibaba-cloud cloud aliyun.com aliyuncs.com alicdn.com alibabacloud.com alikunlun.com
tencent cloud tencent.com qcloud.com myqcloud.com tencentcs.com gtimg.com tencent-cloud.net
heroku cloud heroku.com herokuapp.com herokussl.com
vercel cloud vercel.app vercel.com now.sh
netlify cloud netlify.app netlify.com
quad9 names quad9.net dns.quad9.net
nextdns names nextdns.io dns.nextdns.io
adguard names adguard.com adguard-dns.com dns.adguard.com adguard.org dns-unfiltered.adguard.com
opendns names opendns.com umbrella.com doh.opendns.com
letsencrypt security letsencrypt.org lencr.org
digicert security digicert.com digicert.cn verisign.com thawte.com geotrust.com symcb.com symcd.com
sectigo security sectigo.com comodoca.com usertrust.com comodo.com
globalsign security globalsign.com globalsign.net
# Chat and meetings
telegram chat telegram.org t.me telegram.me telesco.pe tdesktop.com web.telegram.org
signal chat signal.org whispersystems.org signal.art
discord chat discord.com discord.gg discordapp.com discordapp.net discord.media discordcdn.com
slack chat slack.com slack-edge.com slack-imgs.com slack-files.com slackb.com slack-msgs.com slack-core.com
zoom meeting zoom.us zoom.com zoomgov.com zoomcdn.com
webex meeting webex.com wbx2.com ciscospark.com webexcontent.com
gotomeeting meeting gotomeeting.com goto.com getgo.com logmein.com
jitsi meeting jitsi.org meet.jit.si jitsi.net 8x8.vc
viber chat viber.com viber.io
line chat line.me line-apps.com line-scdn.net line-cdn.net naver.jp
kakaotalk chat kakao.com kakaocdn.net kakao.co.kr
wechat chat wechat.com weixin.qq.com wx.qq.com weixinbridge.com
qq chat qq.com qpic.cn qlogo.cn
imo chat imo.im imoim.net
threema chat threema.ch threema.id
matrix chat matrix.org element.io vector.im
dingtalk chat dingtalk.com dingtalkapps.com
snapchat social snapchat.com snap.com sc-cdn.net snapkit.com sc-static.net feelinsonice.com sc-jpl.com addlive.io
# Social
tiktok social tiktok.com tiktokcdn.com tiktokv.com tiktokcdn-us.com musical.ly byteoversea.com ibytedtos.com ttwstatic.com
bytedance social bytedance.com douyin.com snssdk.com toutiao.com
twitter social twitter.com twimg.com t.co x.com
reddit social reddit.com redd.it redditmedia.com redditstatic.com
pinterest social pinterest.com pinimg.com pinterest.de
tumblr social tumblr.com
mastodon social mastodon.social mastodon.online
bluesky social bsky.app bsky.social bsky.network
vk social vk.com vk.ru vkuser.net vk-cdn.net userapi.com vkontakte.ru vk.me
weibo social weibo.com weibo.cn sinaimg.cn sina.com.cn sina.cn
likee social likee.video like.video
quora social quora.com quoracdn.net
# Video
netflix video netflix.com nflxvideo.net nflximg.net nflxext.com nflxso.net netflix.net
disney-plus video disneyplus.com disney-plus.net bamgrid.com dssott.com disney.com disney.io
hulu video hulu.com hulustream.com huluim.com
max video hbomax.com hbo.com max.com hbonow.com
paramount-plus video paramountplus.com cbsivideo.com cbsi.com
dazn video dazn.com daznservices.com dazn-api.com indazn.com
vimeo video vimeo.com vimeocdn.com
dailymotion video dailymotion.com dmcdn.net
bilibili video bilibili.com bilivideo.com hdslb.com biliapi.net
iqiyi video iqiyi.com qiyi.com iq.com qiyipic.com
youku video youku.com ykimg.com
zattoo video zattoo.com zattic.com zahs.tv
pluto-tv video pluto.tv
crunchyroll video crunchyroll.com vrv.co
plex video plex.tv plex.direct
bbc news bbc.co.uk bbc.com bbci.co.uk
raiplay video raiplay.it rai.it
sky video sky.com skycdn.it sky.it
adult video pornhub.com phncdn.com xvideos.com xnxx.com xhamster.com xhcdn.com redtube.com youporn.com chaturbate.com stripchat.com stripcdn.com livejasmin.com onlyfans.com
# Music
spotify music spotify.com scdn.co spotifycdn.com spotifycdn.net spotify.net pscdn.co spotify.map.fastly.net
deezer music deezer.com dzcdn.net
soundcloud music soundcloud.com sndcdn.com
tidal music tidal.com tidalhifi.com
pandora music pandora.com p-cdn.us
lastfm music last.fm lastfm.freetls.fastly.net audioscrobbler.com
tunein music tunein.com radiotime.com
sonos music sonos.com
# Games
steam game steampowered.com steamcommunity.com steamstatic.com steamcontent.com steamserver.net steamusercontent.com valvesoftware.com steamgames.com
epic-games game epicgames.com epicgames.dev unrealengine.com fortnite.com epicgamescdn.com
riot-games game riotgames.com leagueoflegends.com riotcdn.net pvp.net playvalorant.com
blizzard game blizzard.com battle.net blz-contentstack.com worldofwarcraft.com blzstatic.cn
activision game activision.com callofduty.com demonware.net
electronic-arts game ea.com origin.com tnt-ea.com easports.com
ubisoft game ubisoft.com ubi.com ubisoftconnect.com
roblox game roblox.com rbxcdn.com rbx.com robloxlabs.com
minecraft game minecraft.net mojang.com minecraftservices.com minecraft-services.net
playstation game playstation.com playstation.net sonyentertainmentnetwork.com sie.com
nintendo game nintendo.net nintendo.com nintendo.co.jp nintendowifi.net
geforce-now game nvidiagrid.net geforcenow.com geforce.com gfn.am
nvidia system nvidia.com
supercell game supercell.com clashofclans.com brawlstarsgame.com clashroyaleapp.com
wargaming game wargaming.net worldoftanks.com worldoftanks.eu
hoyoverse game hoyoverse.com mihoyo.com yuanshen.com hoyolab.com
garena game garena.com freefiremobile.com
# Files and work
dropbox files dropbox.com dropboxapi.com dropboxstatic.com dropboxusercontent.com getdropbox.com db.tt
box files box.com boxcdn.net boxcloud.com box.net
mega files mega.nz mega.co.nz mega.io
wetransfer files wetransfer.com wetransfer.net
pcloud files pcloud.com
nextcloud files nextcloud.com
notion office notion.so notion.site notion.com
evernote office evernote.com
trello office trello.com trellocdn.com
atlassian office atlassian.com atlassian.net bitbucket.org jira.com statuspage.io
asana office asana.com
figma office figma.com
canva office canva.com
adobe office adobe.com adobe.io adobelogin.com typekit.net typekit.com adobedtm.com omtrdc.net demdex.net
salesforce office salesforce.com force.com salesforceliveagent.com sfdcstatic.com documentforce.com
sap office sap.com ondemand.com successfactors.com
zendesk office zendesk.com zdassets.com
hubspot office hubspot.com hs-scripts.com hsforms.net
gitlab development gitlab.com gitlab.io
docker development docker.com docker.io dockerhub.com
pypi development pypi.org pythonhosted.org
stackoverflow development stackoverflow.com stackexchange.com sstatic.net
sentry development sentry.io ingest.sentry.io
datadog development datadoghq.com datadoghq.eu
new-relic development newrelic.com nr-data.net
# Mail, search, news
yahoo search yahoo.com yimg.com yahoo.co.jp yahooapis.com yahoodns.net
yandex search yandex.ru yandex.net yandex.com yastatic.net ya.ru yandex.st
baidu search baidu.com bdstatic.com bdimg.com baidubce.com
naver search naver.com pstatic.net naver.net
duckduckgo search duckduckgo.com
proton-mail mail protonmail.com proton.me protonmail.ch
gmx mail gmx.net gmx.de gmx.com web.de 1und1.de
mail-ru mail mail.ru mycdn.me imgsmail.ru
fastmail mail fastmail.com messagingengine.com
aol mail aol.com aolcdn.com
wikipedia news wikipedia.org wikimedia.org wiktionary.org wikidata.org mediawiki.org
cnn news cnn.com turner.com
nytimes news nytimes.com nyt.com
wordpress news wordpress.com wp.com wordpress.org gravatar.com automattic.com
# Shops and payment
ebay shop ebay.com ebay.de ebaystatic.com ebayimg.com ebay.co.uk
aliexpress shop aliexpress.com aliexpress-media.com alibaba.com taobao.com tmall.com tbcdn.cn
shopify shop shopify.com myshopify.com shopifycdn.com
zalando shop zalando.com zalando.de ztat.net
paypal payment paypal.com paypalobjects.com paypal.me
stripe payment stripe.com stripe.network stripecdn.com
visa payment visa.com
mastercard payment mastercard.com
coinbase payment coinbase.com
binance payment binance.com bnbstatic.com
booking shop booking.com bstatic.com
airbnb shop airbnb.com muscache.com
uber shop uber.com ubereats.com
# Assistants
chatgpt ai openai.com chatgpt.com oaistatic.com oaiusercontent.com
claude ai anthropic.com claude.ai
perplexity ai perplexity.ai
mistral ai mistral.ai
deepseek ai deepseek.com
hugging-face ai huggingface.co hf.co
# Systems and things
ubuntu system ubuntu.com canonical.com launchpad.net snapcraft.io
debian system debian.org debian.net
fedora system fedoraproject.org
arch-linux system archlinux.org
mozilla system mozilla.org mozilla.com mozilla.net firefox.com mozaws.net mozgcp.net
ntp-pool system pool.ntp.org ntp.org
samsung system samsung.com samsungcloud.com samsungapps.com samsungosp.com samsungelectronics.com
xiaomi system xiaomi.com xiaomi.net miui.com mi.com
huawei system huawei.com hicloud.com dbankcloud.com dbankcdn.com
hp system hp.com hpeprint.com
cisco system cisco.com meraki.com
ubiquiti smart-home ui.com ubnt.com
synology files synology.com quickconnect.to synology.me
tuya smart-home tuya.com tuyaus.com tuyaeu.com tuyacn.com
tp-link smart-home tp-link.com tplinkcloud.com tplinknbu.com
philips-hue smart-home meethue.com
shelly smart-home shelly.cloud
roku video roku.com rokutime.com
tesla smart-home tesla.com teslamotors.com
avast security avast.com avg.com avcdn.net
kaspersky security kaspersky.com kaspersky-labs.com
mcafee security mcafee.com
norton security norton.com symantec.com
crowdstrike security crowdstrike.com cloudsink.net
# Remote control and private networks
teamviewer remote teamviewer.com
anydesk remote anydesk.com
rustdesk remote rustdesk.com
tailscale vpn tailscale.com tailscale.io ts.net
nordvpn vpn nordvpn.com nordcdn.com zwyr157wwiu6eior.com
expressvpn vpn expressvpn.com
surfshark vpn surfshark.com
mullvad vpn mullvad.net
proton-vpn vpn protonvpn.com protonvpn.net protonvpn.ch
windscribe vpn windscribe.com
tunnelbear vpn tunnelbear.com
tor vpn torproject.org
zerotier vpn zerotier.com
hola vpn hola.org
# Measurement and advertising
ookla system speedtest.net ookla.com ooklaserver.net
fast-com system fast.com
facebook-ads advertising atdmt.com
criteo advertising criteo.com criteo.net
taboola advertising taboola.com
outbrain advertising outbrain.com
appnexus advertising adnxs.com
rubicon advertising rubiconproject.com
unity-ads advertising unityads.unity3d.com unity3d.com unity.com
hotjar advertising hotjar.com
adjust advertising adjust.com adjust.io
appsflyer advertising appsflyer.com
branch advertising branch.io
scorecard advertising scorecardresearch.com
`;
