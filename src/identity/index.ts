export { applyCredential } from './apply.ts';
export { parseIdentitiesFile } from './declared.ts';
export type { DeclaredIdentity } from './declared-identity.ts';
export { parseAuthFlag } from './flag.ts';
export { proveIdentities, type ProveOptions } from './prove.ts';
export { authOperationsOf, recogniseDoorways, type Doorways } from './recognise.ts';
export { callOf, sendAs, type SendAsOptions } from './send-as.ts';
export { openSession, type SessionContext } from './session.ts';
export { signUpAccounts, type SignedUp, type SignUpOptions } from './sign-up.ts';
