const roles = ['checkout', 'sales', 'operator', 'admin'];
const keys = Object.fromEntries(roles.map((role) => [role, `hf_test_${role}`]));
process.stdout.write(`READY ${JSON.stringify({ keys })}\n`);
