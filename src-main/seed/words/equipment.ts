import type { Random } from '../random.ts';

export interface Equipment {
  type: string;
  vendor: string;
  model: string;
  /** Years of warranty. */
  warranty: number;
}

const KINDS: readonly { type: string; warranty: number; makers: readonly (readonly [string, readonly string[]])[] }[] = [
  { type: 'Компьютер', warranty: 3, makers: [['Dell', ['OptiPlex 7010', 'OptiPlex 3000', 'Precision 3660']], ['HP', ['ProDesk 400 G9', 'EliteDesk 800 G6']], ['Lenovo', ['ThinkCentre M70s', 'ThinkCentre neo 50t']], ['Aquarius', ['Pro P30 K44', 'Std P32']]] },
  { type: 'Ноутбук', warranty: 2, makers: [['Lenovo', ['ThinkPad T14', 'ThinkPad E15', 'IdeaPad 5']], ['HP', ['ProBook 450 G9', 'EliteBook 840']], ['ASUS', ['ExpertBook B1', 'VivoBook 15']], ['Acer', ['TravelMate P2', 'Aspire 5']]] },
  { type: 'Сервер', warranty: 5, makers: [['Dell', ['PowerEdge R450', 'PowerEdge T350']], ['HPE', ['ProLiant DL380 Gen10', 'ProLiant ML30']], ['Supermicro', ['SYS-5019C', 'SYS-1029P']], ['YADRO', ['VEGMAN R120']]] },
  { type: 'МФУ', warranty: 1, makers: [['Kyocera', ['ECOSYS M2040dn', 'ECOSYS M2235dn', 'TASKalfa 2554ci']], ['HP', ['LaserJet Pro M428fdn', 'LaserJet M236sdw']], ['Pantum', ['BM5100FDN', 'M7100DN']], ['Brother', ['DCP-L2530DW', 'MFC-L5700DN']]] },
  { type: 'Принтер', warranty: 1, makers: [['Brother', ['HL-2130', 'HL-L5100DN']], ['HP', ['LaserJet Pro M404n', 'LaserJet 1020']], ['Canon', ['i-SENSYS LBP226dw']], ['Zebra', ['ZD421', 'GK420d']]] },
  { type: 'Маршрутизатор', warranty: 2, makers: [['MikroTik', ['RB4011iGS+', 'hEX S', 'CCR2004-1G-12S']], ['Keenetic', ['Giga KN-1011', 'Hero 4G']], ['Cisco', ['ISR 1111', 'RV340']], ['Eltex', ['ESR-20']]] },
  { type: 'Коммутатор', warranty: 3, makers: [['Cisco', ['Catalyst 9200L', 'SG350-28']], ['D-Link', ['DGS-1210-28', 'DES-1008D']], ['Eltex', ['MES2324']], ['TP-Link', ['TL-SG2428P']]] },
  { type: 'Точка доступа', warranty: 2, makers: [['Ubiquiti', ['UniFi U6-Pro', 'UniFi AC-Lite']], ['MikroTik', ['cAP ac', 'wAP ac']], ['TP-Link', ['EAP245']]] },
  { type: 'ИБП', warranty: 2, makers: [['APC', ['Smart-UPS 1500', 'Back-UPS 650']], ['Ippon', ['Innova G2 1000', 'Back Basic 850']], ['CyberPower', ['PR1500ELCD']]] },
  { type: 'Касса', warranty: 1, makers: [['АТОЛ', ['30Ф', '91Ф', 'Sigma 10']], ['Эвотор', ['7.3', '5i']], ['Штрих-М', ['ШТРИХ-ЛАЙТ-02Ф']]] },
  { type: 'Видеорегистратор', warranty: 2, makers: [['Hikvision', ['DS-7608NI-K2', 'DS-7216HQHI']], ['Dahua', ['NVR4216-16P', 'XVR5108HS']], ['TRASSIR', ['MiniNVR AF 16']]] },
  { type: 'Телефон', warranty: 1, makers: [['Yealink', ['SIP-T31P', 'SIP-T46U']], ['Grandstream', ['GXP1625', 'GRP2602P']]] },
];

/** One piece of equipment as it is sold. */
export function equipment(random: Random): Equipment {
  const kind = random.pick(KINDS);
  const [vendor, models] = random.pick(kind.makers);
  return { type: kind.type, vendor, model: random.pick(models), warranty: kind.warranty };
}

export const LOCATIONS = ['Серверная', 'Бухгалтерия', 'Приёмная', 'Торговый зал', 'Склад', 'Кабинет 204', 'Кабинет 315', 'Касса 1', 'Касса 2', '2 этаж, коридор', 'Ресепшен', 'Переговорная', 'Кабинет директора', 'Отдел продаж', 'Цех № 1', 'Подсобное помещение'] as const;
