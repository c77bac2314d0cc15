/** ISO 3166-1 alpha-2 with alpha-3, and XK (Kosovo), which proxies send though ISO has not assigned it. */
const codes =
  'ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH BBBRB BDBGD ' +
  'BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR BZBLZ CACAN ' +
  'CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE DEDEU ' +
  'DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA GAGAB ' +
  'GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS GTGTM GUGUM GWGNB GYGUY HKHKG ' +
  'HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM JOJOR JPJPN ' +
  'KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU ' +
  'LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR ' +
  'MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL ' +
  'OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB ' +
  'RURUS RWRWA SASAU SBSLB SCSYC SDSDN SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP ' +
  'SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN ' +
  'TZTZA UAUKR UGUGA UMUMI USUSA UYURY UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM XKXKX YEYEM YTMYT ' +
  'ZAZAF ZMZMB ZWZWE';

const pairs = codes.split(' ').map((pair) => [pair.slice(0, 2), pair.slice(2)] as const);
const alpha3Of = new Map(pairs);
const alpha2Of = new Map(pairs.map(([two, three]) => [three, two]));
/** Made when a name is first asked for: it takes 10 ms, and checks go by codes. */
let names: Intl.DisplayNames | null = null;

/** The alpha-3 codes of all countries. */
export const countryCodes: readonly string[] = pairs.map(([, three]) => three);

/** The alpha-3 code of a country written as alpha-2 or alpha-3, in any case; null: no country. */
export function alpha3(text: string): string | null {
  const code = text.trim().toUpperCase();
  return alpha2Of.has(code) ? code : (alpha3Of.get(code) ?? null);
}

/** The alpha-3 code of a country written as alpha-2, alpha-3 or its English name, in any case; null: no country. */
export function parseCountry(text: string): string | null {
  const name = text.trim().toLowerCase();
  return alpha3(text) ?? countryCodes.find((code) => countryName(code).toLowerCase() === name) ?? null;
}

/** The English name of an alpha-3 code; unknown codes stay as they are. */
export function countryName(code: string): string {
  const two = alpha2Of.get(code);
  if (two === undefined) return code;
  names ??= new Intl.DisplayNames(['en'], { type: 'region' });
  return names.of(two) ?? code;
}
