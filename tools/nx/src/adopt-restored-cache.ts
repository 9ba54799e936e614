import { adoptNxDatabase, machineId } from './adopt-nx-database.ts';

// Run by .github/actions/setup after the Nx cache was restored.
const id = machineId();
const adopted = id !== null && adoptNxDatabase('.nx/workspace-data', id);
console.log(adopted ? 'the restored Nx cache is in use' : 'there is no Nx cache to take over');
