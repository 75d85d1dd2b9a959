// Domains whose owners put data into names, or spread names over many addresses, by design (their own documentation).

/** Reputation and routing lookups: the name is what is asked about. */
const lookups = `
spamhaus.org spamhaus.net spamcop.net surbl.org uribl.com sorbs.net barracudacentral.org senderbase.org senderscore.com
dnswl.org mailspike.net njabl.org abuseat.org abuse.ch psbl.org uceprotect.net rfc-ignorant.org cymru.com cymru.org
mcafee.com mcafee.net trellix.com sophosxl.net sophosxl.com trendmicro.com e5.sk eset.com avast.com avg.com ksn.ru
kaspersky.com kaspersky-labs.com symantec.com bitdefender.net fortinet.net fortiguard.com webroot.com umbrella.com
opendns.com cisco.com zscaler.net zvelo.com brightcloud.com cloudmark.com proofpoint.com dnsbl.info rspamd.com
hostkarma.com invaluement.com countries.nerdvana.org hashserver.cs.trendmicro.com`;

/** Delivery networks: a host per place and shard. */
const delivery = `
googlevideo.com gvt1.com gvt2.com nflxvideo.net fbcdn.net cdninstagram.com akamai.net akamaiedge.net akamaihd.net
akamaized.net edgekey.net edgesuite.net akadns.net cloudfront.net amazonaws.com awsglobalaccelerator.com fastly.net
fastlylb.net cloudflare.net cloudflare.com trafficmanager.net azure.com azureedge.net azurefd.net windows.net
windows.com windowsupdate.com msftncsi.com msftconnecttest.com microsoft.com msedge.net office.com office365.com outlook.com skype.com live.com
apple.com apple-dns.net icloud.com aaplimg.com google.com googleapis.com gstatic.com ggpht.com googleusercontent.com
youtube.com ytimg.com facebook.com whatsapp.net ttvnw.net tiktokcdn.com tiktokv.com byteoversea.com edgecastcdn.net
llnwd.net cdn77.org b-cdn.net aliyuncs.com alikunlun.com alicdn.com myqcloud.com qcloud.com steamcontent.com
ntp.org pool.ntp.org plex.direct netflix.com spotify.com scdn.co amazon.com ubuntu.com debian.org`;

const setOf = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((name) => name !== ''));
const lookupSet = setOf(lookups);
const deliverySet = setOf(delivery);

/** Whether names below a registered domain carry data for good. */
export const isLookup = (registered: string): boolean => lookupSet.has(registered);
/** Whether it is one of a delivery network or of a pool of servers. */
export const isDelivery = (registered: string): boolean => deliverySet.has(registered);
