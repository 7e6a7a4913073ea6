"""Names of countries to their ISO 3166-1 codes."""

from __future__ import annotations

# two letters, three letters, names as people write them (folded), '|' between; other languages where common
_TABLE = """
ad and andorra; ae are united arab emirates | uae | emirates; af afg afghanistan; ag atg antigua and barbuda; ai aia
anguilla; al alb albania; am arm armenia; ao ago angola; aq ata antarctica; ar arg argentina | argentinien |
argentine; as asm american samoa; at aut austria | osterreich | oesterreich | autriche; au aus australia | australien
| australie; aw abw aruba; ax ala aland islands; az aze azerbaijan; ba bih bosnia and herzegovina | bosnia; bb brb
barbados; bd bgd bangladesh; be bel belgium | belgien | belgique | belgie | belgica | belgio; bf bfa burkina faso; bg
bgr bulgaria | bulgarien; bh bhr bahrain; bi bdi burundi; bj ben benin; bl blm saint barthelemy; bm bmu bermuda; bn
brn brunei | brunei darussalam; bo bol bolivia; bq bes bonaire; br bra brazil | brasil | brasilien | bresil | brasile;
bs bhs bahamas | the bahamas; bt btn bhutan; bv bvt bouvet island; bw bwa botswana; by blr belarus; bz blz belize; ca
can canada | kanada; cc cck cocos islands; cd cod democratic republic of the congo | dr congo; cf caf central african
republic; cg cog congo | republic of the congo; ch che switzerland | schweiz | suisse | svizzera | suiza | suica; ci
civ ivory coast | cote divoire | cote d ivoire; ck cok cook islands; cl chl chile; cm cmr cameroon; cn chn china |
peoples republic of china | prc; co col colombia; cr cri costa rica; cu cub cuba; cv cpv cape verde | cabo verde; cw
cuw curacao; cx cxr christmas island; cy cyp cyprus | zypern; cz cze czech republic | czechia | tschechien | ceska
republika; de deu germany | deutschland | allemagne | alemania | alemanha | germania | ger | brd | federal republic of
germany; dj dji djibouti; dk dnk denmark | danemark | danmark | dinamarca; dm dma dominica; do dom dominican republic
| republica dominicana; dz dza algeria | algerie; ec ecu ecuador; ee est estonia | estland; eg egy egypt | agypten; eh
esh western sahara; er eri eritrea; es esp spain | spanien | espagne | espana | espanha | spagna; et eth ethiopia; fi
fin finland | finnland | suomi; fj fji fiji; fk flk falkland islands; fm fsm micronesia; fo fro faroe islands; fr fra
france | frankreich | francia | franca; ga gab gabon; gb gbr united kingdom | uk | great britain | britain | england |
scotland | wales | northern ireland | grossbritannien | vereinigtes konigreich | royaume uni | reino unido | regno
unito | united kingdom of great britain and northern ireland; gd grd grenada; ge geo georgia; gf guf french guiana; gg
ggy guernsey; gh gha ghana; gi gib gibraltar; gl grl greenland; gm gmb gambia | the gambia; gn gin guinea; gp glp
guadeloupe; gq gnq equatorial guinea; gr grc greece | griechenland | grece | grecia | hellas; gt gtm guatemala; gu gum
guam; gw gnb guinea bissau; gy guy guyana; hk hkg hong kong; hm hmd heard island; hn hnd honduras; hr hrv croatia |
kroatien | hrvatska | croatie; ht hti haiti; hu hun hungary | ungarn | magyarorszag | hongrie; id idn indonesia; ie
irl ireland | irland | eire | republic of ireland | irlande; il isr israel; im imn isle of man; in ind india | indien;
io iot british indian ocean territory; iq irq iraq; ir irn iran; is isl iceland | island; it ita italy | italien |
italie | italia; je jey jersey; jm jam jamaica; jo jor jordan; jp jpn japan; ke ken kenya; kg kgz kyrgyzstan; kh khm
cambodia; ki kir kiribati; km com comoros; kn kna saint kitts and nevis; kp prk north korea; kr kor south korea |
korea | republic of korea; kw kwt kuwait; ky cym cayman islands; kz kaz kazakhstan; la lao laos; lb lbn lebanon; lc
lca saint lucia; li lie liechtenstein; lk lka sri lanka; lr lbr liberia; ls lso lesotho; lt ltu lithuania | litauen;
lu lux luxembourg | luxemburg; lv lva latvia | lettland; ly lby libya; ma mar morocco | maroc | marokko; mc mco
monaco; md mda moldova; me mne montenegro; mf maf saint martin; mg mdg madagascar; mh mhl marshall islands; mk mkd
north macedonia | macedonia; ml mli mali; mm mmr myanmar | burma; mn mng mongolia; mo mac macao | macau; mp mnp
northern mariana islands; mq mtq martinique; mr mrt mauritania; ms msr montserrat; mt mlt malta; mu mus mauritius; mv
mdv maldives; mw mwi malawi; mx mex mexico | mexiko | mexique | messico; my mys malaysia; mz moz mozambique |
mocambique; na nam namibia; nc ncl new caledonia; ne ner niger; nf nfk norfolk island; ng nga nigeria; ni nic
nicaragua; nl nld netherlands | the netherlands | holland | niederlande | pays bas | nederland | paises bajos | paesi
bassi; no nor norway | norwegen | norge | norvege; np npl nepal; nr nru nauru; nu niu niue; nz nzl new zealand |
neuseeland; om omn oman; pa pan panama; pe per peru; pf pyf french polynesia; pg png papua new guinea; ph phl
philippines | the philippines; pk pak pakistan; pl pol poland | polen | polska | pologne | polonia; pm spm saint
pierre and miquelon; pn pcn pitcairn; pr pri puerto rico; ps pse palestine; pt prt portugal; pw plw palau; py pry
paraguay; qa qat qatar; re reu reunion; ro rou romania | rumanien | roumanie; rs srb serbia | serbien; ru rus russia |
russian federation | russland; rw rwa rwanda; sa sau saudi arabia; sb slb solomon islands; sc syc seychelles; sd sdn
sudan; se swe sweden | schweden | sverige | suede | suecia; sg sgp singapore; sh shn saint helena; si svn slovenia |
slowenien; sj sjm svalbard; sk svk slovakia | slowakei; sl sle sierra leone; sm smr san marino; sn sen senegal; so som
somalia; sr sur suriname; ss ssd south sudan; st stp sao tome and principe; sv slv el salvador; sx sxm sint maarten;
sy syr syria; sz swz eswatini | swaziland; tc tca turks and caicos islands; td tcd chad; tf atf french southern
territories; tg tgo togo; th tha thailand; tj tjk tajikistan; tk tkl tokelau; tl tls timor leste | east timor; tm tkm
turkmenistan; tn tun tunisia | tunisie; to ton tonga; tr tur turkey | turkiye | turkei; tt tto trinidad and tobago; tv
tuv tuvalu; tw twn taiwan; tz tza tanzania; ua ukr ukraine; ug uga uganda; um umi united states minor outlying
islands; us usa united states | united states of america | america | u.s.a. | u.s. | vereinigte staaten | etats unis |
estados unidos | stati uniti | the united states; uy ury uruguay; uz uzb uzbekistan; va vat vatican | holy see; vc vct
saint vincent and the grenadines; ve ven venezuela; vg vgb british virgin islands; vi vir us virgin islands | virgin
islands; vn vnm vietnam | viet nam; vu vut vanuatu; wf wlf wallis and futuna; ws wsm samoa; xk xkx kosovo; ye yem
yemen; yt myt mayotte; za zaf south africa | sudafrika; zm zmb zambia; zw zwe zimbabwe
"""


def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for entry in _TABLE.split(";"):
        two, three, names = entry.split(maxsplit=2)
        codes |= dict.fromkeys((two, three, *(" ".join(n.split()) for n in names.split("|"))), two)
    return codes


ISO_CODES: dict[str, str] = _codes()
"""Folded name, two-letter or three-letter code -> two-letter code in lower case."""
