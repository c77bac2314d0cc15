import { goldenKey, isLeftOut, noteIn, type Spoken, textIn, wholeNumberIn } from './spoken.ts';

const refusalOf = (message: string) => ({
  status: 400,
  body: JSON.stringify({ message, status: 400, timestamp: '2030-06-15T12:00:00.000+00:00' }),
});
const products = new Map([
  [8, 'License is not valid for this product'],
  [9, 'License not found'],
]);

export const sunlicense: Spoken = {
  fields: {
    licenseKey: ({ key }) => key,
    productId: ({ guildReference: reference }) => (reference.by === 'product' ? reference.productIds[0] : undefined),
    hwid: ({ hwid }) => hwid,
    ip: ({ declaredIp }) => declaredIp,
    macAddress: ({ mac }) => mac,
    productVersion: ({ version }) => version,
    javaVersion: ({ info }) => info,
  },
  required: ['licenseKey', 'productId', 'hwid'],
  request: (fields) => ({
    path: '/api/v1/validate',
    headers: { 'content-type': 'application/json' },
    body: { licenseKey: goldenKey, productId: 7, hwid: 'MACHINE-1', ...fields },
  }),
  judge: (field, value) => {
    const wrong = refusalOf(`Missing or invalid field: ${field}`);
    if (field === 'productId') {
      const id = wholeNumberIn(value);
      if (id === null) return { refusal: wrong, asked: undefined };
      return { refusal: id === 7 ? null : refusalOf(products.get(id) ?? 'Product not found'), asked: id };
    }
    if (field === 'productVersion') return { refusal: null, asked: noteIn(value) };
    if (field === 'javaVersion') {
      const note = noteIn(value);
      return { refusal: null, asked: note === null ? null : noteIn(`javaVersion: ${note}`) };
    }
    const asked = textIn(value);
    const isOptional = field === 'ip' || field === 'macAddress';
    return { refusal: asked === null && !(isOptional && isLeftOut(value)) ? wrong : null, asked };
  },
  isRefusal: ({ status }) => status === 400,
};
