// Registered domains: what somebody has bought, below suffixes that registries and providers give names under.
//
// The rule of the Public Suffix List (publicsuffix.org) in small: the last label is a suffix; below country codes the
// usual second levels are one too; some providers give every customer a name of his own. Our own short table: countries
// that are not in it have their names directly below.

/** Second levels by country code: what a registry sells names under. */
const secondLevels = `
ac com edu gov net mil org|ae co net org sch ac gov mil|ag com org net co nom|ar com edu gob gov int mil net org tur
at ac co gv or|au com net org edu gov asn id|az com net int gov org edu info|bb co com edu gov info net org store
bd com edu ac net gov org mil|bh com edu net org gov|bn com edu gov net org|bo com edu gob int org net mil tv web
br com net org gov edu mil art blog eco ind inf jus leg mp adv eng med srv tur wiki app dev log rec etc tv|by gov mil com of
bz com net org edu gov|ci com co org net ac edu gouv|ck co org edu gov net|cn com net org edu gov ac mil
co com net org edu gov mil nom|cr ac co ed fi go or sa|cu com edu org net gov inf|cy com ac net gov org ltd biz press
do com edu gob gov mil net org sld web art|dz com org net gov edu asso art|ec com info net fin med org edu gov gob mil
eg com edu eng gov mil name net org sci|es com nom org gob edu|et com gov org edu biz name info net|fj com ac biz gov info mil name net org pro
fk co org gov ac nom net|ge com edu gov org mil net pvt|gh com edu gov org mil|gi com ltd gov mod edu org|gr com edu net org gov
gt com edu gob ind mil net org|gu com edu gov guam info net org web|hk com edu gov idv net org|hn com edu org net mil gob
hr iz from name com|hu co info org priv sport tm|id co or ac go mil net sch web my biz desa ponpes|il co org net ac gov muni k12 idf
im co com net org ac ltd plc|in co com firm net org gen ind ac edu res gov mil nic|iq gov edu mil com org net|ir ac co gov id net org sch
it gov edu|jm com net org edu gov mil|jo com org net edu sch gov mil|jp ac ad co ed go gr lg ne or
ke ac co go info me mobi ne or sc|kg org net com edu gov mil|kh com edu gov mil net org per|kr ac co es go hs kg mil ms ne or pe re sc
kw com edu emb gov ind net org|ky com edu net org|kz org edu net gov mil com|la int net info edu gov per com org|lb com edu gov net org
lk gov sch net int com org edu ngo soc web ltd assn grp hotel ac|lv com edu gov org mil id net asn conf|ly com net gov plc edu sch med org id
ma co net gov org ac press|mk com org net edu gov inf name|ml com edu gouv gov net org presse|mm com edu gov net org|mn gov edu org
mo com net org edu gov|mt com edu net org|mu com net org gov ac co or|mv aero biz com coop edu gov info int mil museum name net org pro
mw ac biz co com coop edu gov int museum net org|mx com org gob edu net|my biz com edu gov mil name net org|mz ac adv co edu gov mil net org
na com org co info pro name|ng com edu gov i mil mobi name net org sch|ni ac biz co com edu gob in info int mil net nom org web
np com org edu gov mil net|nz ac co cri geek gen govt health iwi kiwi maori mil net org parliament school|om co com edu gov med museum net org pro
pa ac gob com org sld edu net ing abo med nom|pe edu gob nom mil org com net|pg com net ac gov mil org|ph com net org gov edu ngo mil i
pk com net edu org fam biz web gov gob gok gon gop gos info|pl com net org aid agro atm auto biz edu gmina gsm info mail media mil nom pc powiat priv rel shop sklep sos szkola targi tm tourism travel turystyka gov waw
pr com net org gov edu isla pro biz info name est prof ac|ps edu gov sec plo com org net|pt net gov org edu int publ com nome|py com coop edu gov mil net org
qa com edu gov mil name net org sch|ro arts com firm info nom nt org rec store tm www|rs ac co edu gov in org|ru com org net pp msk spb
sa com net org gov med pub edu sch|sb com edu gov net org|sg com net org gov edu per|sl com net edu gov org|sn art com edu gouv org perso univ
sv com edu gob org red|sy edu gov net mil com org|sz co ac org|th ac co go in mi net or|tj ac biz co com edu go gov int mil name net nic org test web
tn com ens fin gov ind info intl mincom nat net org perso tourism|tr com info biz net org web gen tv av dr bbs name tel gov bel pol mil k12 edu kep
tt co com org net biz info pro int coop jobs mobi travel museum aero name gov edu|tw edu gov mil com net org idv game ebiz club|tz ac co go hotel info me mil mobi ne or sc tv
ua com edu gov in net org kiev kyiv lviv odessa dp kh od zp|ug co or ac sc go ne com org|uk ac co gov ltd me net nhs org plc police sch
us dni fed isa kids nsn k12|uy com edu gub mil net org|uz co com net org|ve arts co com e12 edu firm gob gov info int mil net org rec store tec web
vi co com k12 net org|vn com net org edu gov int ac biz info name pro health|ye com edu gov net mil org|za ac agric alt co edu gov grondar law mil net ngo nis nom org school tm web
zm ac biz co com edu gov info mil net org sch|zw ac co gov mil org
eu com|se com org pp tm ac|no co|de com|me co net org edu ac gov its priv|tv co|ws com net org gov edu|cc co`;

/** Providers that give every customer a name below one of theirs: the content of two such names is not of one owner. */
const providers = `
akamai.net akamaiedge.net akamaihd.net akamaized.net edgekey.net edgesuite.net akadns.net cloudfront.net amazonaws.com
elasticbeanstalk.com awsglobalaccelerator.com azurewebsites.net azureedge.net azurefd.net cloudapp.net cloudapp.azure.com
blob.core.windows.net file.core.windows.net trafficmanager.net windows.net appspot.com run.app cloudfunctions.net web.app
firebaseapp.com firebaseio.com blogspot.com github.io githubusercontent.com gitlab.io netlify.app vercel.app pages.dev
workers.dev herokuapp.com fastly.net fastlylb.net edgecastcdn.net llnwd.net cdn77.org b-cdn.net myshopify.com
wordpress.com tumblr.com weebly.com wixsite.com duckdns.org no-ip.org ddns.net dyndns.org hopto.org zapto.org sytes.net
myftp.org servebeer.com redirectme.net dynu.net freeddns.org afraid.org mooo.com synology.me myqnapcloud.com myfritz.net
ngrok.io ngrok-free.app trycloudflare.com loca.lt serveo.net onrender.com fly.dev digitaloceanspaces.com
ondigitalocean.app linodeobjects.com aliyuncs.com alikunlun.com myqcloud.com r2.dev repl.co glitch.me surge.sh`;

const registry = new Set(
  secondLevels
    .replaceAll('\n', '|')
    .split('|')
    .flatMap((line) => {
      const [code, ...labels] = line.trim().split(' ');
      return labels.map((label) => `${label}.${code}`);
    }),
);
const provided = new Set(providers.split(/\s+/).filter((name) => name !== ''));

/** Where the registered domain of a name begins; 0 when the name is one, or is nothing but a suffix. */
export function registeredAt(name: string): number {
  const last = name.lastIndexOf('.');
  if (last < 0) return 0;
  const second = name.lastIndexOf('.', last - 1);
  if (second < 0) return 0;
  if (!registry.has(name.slice(second + 1)) && name.slice(last + 1) !== 'arpa') return second + 1;
  // `arpa` stands for itself: in-addr.arpa and ip6.arpa are no one's.
  if (name.slice(last + 1) === 'arpa') return second + 1;
  return name.lastIndexOf('.', second - 1) + 1;
}

/** The same, but below a provider each customer is on his own. */
export function ownedAt(name: string): number {
  const at = registeredAt(name);
  // Providers have two to four labels; each is tried from the longest.
  for (let from = 0; from < at; ) {
    const next = name.indexOf('.', from) + 1;
    if (next === 0 || next > at) break;
    if (provided.has(name.slice(next))) return from;
    from = next;
  }
  return at;
}

/** `example.co.uk` of `www.example.co.uk`. */
export const registeredDomain = (name: string): string => name.slice(registeredAt(name));
