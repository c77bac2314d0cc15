import { tkiRequest } from '../../wire/support/tki-request.ts';
import { isLeftOut, type Spoken, textIn } from './spoken.ts';

const refusalOf = (message: string) => ({
  status: 400,
  body: JSON.stringify({ message, status_overview: 'failed' }),
});

export const tki: Spoken = {
  fields: {
    product: ({ product }) => product,
    version: ({ version }) => version,
    licensekey: ({ key }) => key,
    ip: ({ declaredIp }) => declaredIp,
    hwid: ({ hwid }) => hwid,
  },
  required: ['product', 'version', 'licensekey', 'ip', 'hwid'],
  request: tkiRequest,
  judge: (field, value) => {
    if (isLeftOut(value)) {
      const missing = 'Missing required fields: data.ip, data.hwid, data.product, data.version, or data.licensekey';
      return { refusal: refusalOf(missing), asked: null };
    }
    const asked = textIn(value);
    return { refusal: asked === null ? refusalOf(`Invalid field: data.${field}`) : null, asked };
  },
  isRefusal: ({ status }) => status === 400,
};
