/**
 * The one-way rule, checked. Each comment is what a violation prints: the reason, then the way out.
 * machines ← db ← activities ← workflows (types only); api speaks to contracts, lifecycles and db.
 */
/** A provider's simulator in one file or a folder, and what simulators share. */
const SIMULATOR = '^activities/providers/[^/]+/simulator[-./]';
/** What starts simulators, and what lets the local integrations in at them. */
const SIMULATORS_CLI = '^api/cli/(simulators|bootstrap)[.]ts$';
/** What a provider's folder offers without I/O, and the catalog that lists it. */
const PURE_PARTS =
  '^activities/providers/(catalog|news|order-details|shared/(zones|durations|invoice-dates)|[^/]+/(webhook|capabilities|config|requirements|invoice-terms))[.]ts$';

/** What callers and workers share with the workflows. */
const CONTRACTS = '^workflows/(contracts|search-attributes)[.]ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'machines-are-pure',
      comment:
        'machines/ decides and never acts: no I/O, no clock, no Temporal, no other layer. ' +
        'What it needs to know arrives in the input or in an event.',
      severity: 'error',
      from: { path: '^machines/' },
      to: { pathNot: ['^machines/', '(^|/)node_modules/xstate/'] },
    },
    {
      name: 'machines-have-one-door',
      comment:
        'A chart is reached through <family>.lifecycle.ts only, so that an illegal event is null ' +
        'everywhere. docs/ draws the charts, test/ proves them.',
      severity: 'error',
      from: { pathNot: '^(machines|test|docs)/' },
      to: { path: '^machines/.+[.]machine[.]ts$' },
    },
    {
      name: 'xstate-stays-in-machines',
      comment:
        'Callers see applyEvent and pendingEffect; the chart library stays replaceable. ' +
        'Import the lifecycle instead.',
      severity: 'error',
      from: { pathNot: '^(machines|test)/' },
      to: { path: '(^|/)node_modules/xstate/' },
    },
    {
      name: 'workflows-are-deterministic',
      comment:
        'Machines, contracts and the Temporal workflow API. Nothing else runs on replay: ' +
        'whatever acts or looks at the world is an activity.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: {
        dependencyTypesNot: ['type-only'],
        pathNot: ['^workflows/', '^machines/', '(^|/)node_modules/@temporalio/(workflow|common)/'],
      },
    },
    {
      name: 'workflows-know-activity-types-only',
      comment: 'import type, or the sandbox would bundle the implementation.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-know-no-db-and-no-api',
      comment:
        'Not even their types: what crosses an activity is named in activities/<family>.contract.ts, ' +
        'or a table could not change without a replay.',
      severity: 'error',
      from: { path: '^workflows/' },
      to: { path: '^(db|api)/' },
    },
    {
      name: 'activities-know-no-caller',
      comment:
        'Activities are called, they call nobody above: machines, db and the names in ' +
        'workflows/contracts.ts (task queues, signals). The worker gives Temporal the path of the bundle.',
      severity: 'error',
      from: { path: '^activities/' },
      to: { path: '^(workflows|api)/', pathNot: CONTRACTS },
    },
    {
      name: 'db-knows-no-caller',
      comment:
        'db/ remembers: it folds facts with machines/ and talks to Postgres. Who asks is not its ' +
        'business.',
      severity: 'error',
      from: { path: '^db/' },
      to: {
        dependencyTypesNot: ['core'],
        pathNot: ['^db/', '^machines/', '(^|/)node_modules/(@types/)?(drizzle-orm|pg|zod)/'],
      },
    },
    {
      name: 'db-parses-only-its-environment',
      comment: 'What reaches db/ was parsed at the edge; only db/env.ts has an edge of its own.',
      severity: 'error',
      from: { path: '^db/', pathNot: '^db/env[.]ts$' },
      to: { path: '(^|/)node_modules/zod/' },
    },
    {
      name: 'api-only-starts-signals-and-reads',
      comment:
        'The API never moves money. Of activities/ it sees the pure parts of the providers ' +
        '(catalog, webhook, capabilities, config, dates); registry.ts holds adapters and is for the worker.',
      severity: 'error',
      from: { path: '^api/', pathNot: SIMULATORS_CLI },
      to: { path: '^activities/', pathNot: PURE_PARTS },
    },
    {
      name: 'the-simulators-command-starts-simulators',
      comment:
        'api/cli/simulators.ts and bootstrap.ts may see simulators besides what the API sees. Nothing else.',
      severity: 'error',
      from: { path: SIMULATORS_CLI },
      to: { path: '^activities/', pathNot: [PURE_PARTS, SIMULATOR] },
    },
    {
      name: 'api-knows-workflow-contracts-only',
      comment:
        'The API starts and signals by the names in workflows/contracts.ts; workflow code runs in ' +
        'the worker.',
      severity: 'error',
      from: { path: '^api/' },
      to: { path: '^workflows/', pathNot: CONTRACTS },
    },
    {
      name: 'api-knows-no-command-line',
      comment: 'api/cli/ starts the API, never the other way round: a server carries no dev tools.',
      severity: 'error',
      from: { path: '^api/', pathNot: '^api/cli/' },
      to: { path: '^api/cli/' },
    },
    {
      name: 'dev-spawns-and-imports-nothing',
      comment:
        'api/cli/dev/ starts processes as an operator would. An import would let the dev stack run ' +
        'what production does not.',
      severity: 'error',
      from: { path: '^api/cli/dev(/|[.]ts$)' },
      to: { path: '^(machines|workflows|activities|db|api)/', pathNot: '^api/cli/' },
    },
    {
      name: 'pure-parts-stay-pure',
      comment:
        'The API loads these: webhook, capabilities and config of a provider, and the catalog, import ' +
        'no adapter, client, simulator or activity. `import type` is fine.',
      severity: 'error',
      from: { path: PURE_PARTS },
      to: {
        dependencyTypesNot: ['type-only'],
        path: [
          '^activities/[^/]+[.]ts$',
          '^activities/providers/registry[.]ts$',
          '^activities/providers/shared/http[.]ts$',
          '^activities/providers/[^/]+/(adapter|client)[.]ts$',
        ],
      },
    },
    {
      name: 'providers-are-islands',
      comment: 'One provider never imports another; shared code goes to providers/shared/.',
      severity: 'error',
      from: { path: '^activities/providers/([^/]+)/' },
      to: {
        path: '^activities/providers/([^/]+)/',
        pathNot: ['^activities/providers/$1/', '^activities/providers/shared/'],
      },
    },
    {
      name: 'simulators-are-for-development',
      comment:
        'A simulator is imported by test/, api/cli/{simulators,bootstrap}.ts and simulators. In the worker or the ' +
        'API it would be a provider that is not there.',
      severity: 'error',
      from: { pathNot: ['^test/', SIMULATORS_CLI, SIMULATOR] },
      to: { path: SIMULATOR },
    },
    {
      name: 'simulators-read-the-documentation',
      comment:
        'A simulator speaks the wire format as the provider documents it. With its sibling mapping, ' +
        'adapter or client both would share one misunderstanding.',
      severity: 'error',
      from: { path: '^activities/providers/([^/]+)/simulator[-./]' },
      to: { path: '^activities/providers/$1/(mapping|adapter|client)([.]ts$|/)' },
    },
    {
      name: 'provider-sdks-stay-on-the-other-side',
      comment:
        'Stripe’s SDK signs what a simulator or a test sends, so the sender is not ours. Our own side ' +
        'speaks HTTP through providers/shared/http.ts.',
      severity: 'error',
      from: { pathNot: ['^test/', SIMULATOR] },
      to: { path: '(^|/)node_modules/stripe/' },
    },
    {
      name: 'docs-read-machines-only',
      comment: 'docs/ draws the charts and checks itself; it runs nothing else of ours.',
      severity: 'error',
      from: { path: '^docs/' },
      to: { path: '^(workflows|activities|api|db)/' },
    },
    {
      name: 'runtime-never-imports-tests',
      comment: 'Nothing imports test/: move what both need to where it belongs.',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one idea, or a third one that both need.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'everything-resolves',
      comment: 'An import that cannot be resolved escapes every rule above.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Types are edges too, or "types only" could not be told from "not at all".
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
