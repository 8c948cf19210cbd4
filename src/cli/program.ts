import { Command, Option } from 'commander';
import { version } from '../version.ts';
import type { AnalyzeFlags } from './analyze-command.ts';
import type { CleanUpFlags } from './cleanup-command.ts';
import type { DemoFlags } from './demo-command.ts';
import {
  each,
  names,
  withChecks,
  withDescription,
  withIdentities,
  withLimits,
  withNetwork,
  withOutput,
  withScoredOutput,
  withShared,
} from './flags.ts';
import type { JudgeFlags } from './judge-command.ts';
import type { MapFlags } from './map-command.ts';
import type { RemediesFlags } from './remedies-command.ts';
import type { ScanFlags } from './scan-flags.ts';
import type { Invocation } from './invocation.ts';

const exitCodes = `
Exit codes:
  0  done, and the gate passed or none was asked for
  1  the gate failed (--threshold, --fail-on)
  2  could not run, or too little was seen to conclude anything
  3  a bug in middlebrick`;

const examples = `
Examples:
  middlebrick demo
  middlebrick scan http://localhost:5000 --allow write
  middlebrick scan https://api.example.com --spec openapi.yaml --identities team.yaml
  middlebrick scan http://localhost:5000 --source . --allow write
  middlebrick scan https://api.example.com --har alice.har --har bob.har
  middlebrick scan http://localhost:5000 --format sarif --output api.sarif --threshold B
${exitCodes}`;

/** The commands. What a command needs beyond its options is loaded when it runs. */
export function buildProgram(invocation: Invocation, finish: (code: number) => void): Command {
  const program = new Command('middlebrick')
    .description('Scans an API and proves broken authorization instead of guessing at it.')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .addHelpText('after', examples)
    // Failures are said in one place, with nothing in them that may be secret.
    .configureOutput({ outputError: () => {} })
    .exitOverride()
    .showSuggestionAfterError();
  addScan(program, invocation, finish);
  addMap(program, invocation, finish);
  addOthers(program, invocation, finish);
  for (const command of program.commands) withShared(command);
  return program;
}

function addScan(program: Command, invocation: Invocation, finish: (code: number) => void): void {
  const command = program
    .command('scan')
    .description('scan an API, from a URL or its description to a report')
    .argument('[url]', 'URL of the API; may be left out when the description names its server')
    .option('--source <folder>', 'the source of the target (Flask): finds its operations, steers the probes, names the line at fault')
    .option('--config <file>', 'what the source cannot say of itself (default: middlebrick.yml in its folder)')
    .addOption(
      new Option('--allow <what>', 'read: GET, HEAD and OPTIONS only; write: also make, change and delete things of its own')
        .choices(['read', 'write', 'intrusive'])
        .default('read'),
    );
  withIdentities(withDescription(command)).option(
    '--permissions <file>',
    'who may do what, as written by middlebrick map and corrected: being served what it denies is a finding',
  );
  withChecks(command)
    .option('--exclude <pattern>', 'leave operations out: a part of "METHOD /path", * for anything; may be repeated', each)
    .option('--seed <text>', 'decides every generated value; a report names its own')
    .option('--dry-run', 'show what would be sent, and send no probe');
  withScoredOutput(command)
    .option('--record <file>', 'record every exchange, secrets taken out, for: middlebrick judge')
    .option('--journal <file>', 'what was made is listed there until it is removed (default with --allow write: a file in this folder)');
  withLimits(withNetwork(command))
    .addOption(new Option('--wait').hideHelp())
    .addHelpText('after', exitCodes)
    .action(async (url: string | undefined, flags: ScanFlags) => {
      const { scanCommand } = await import('./scan-command.ts');
      finish(await scanCommand(url, flags, invocation));
    });
}

function addMap(program: Command, invocation: Invocation, finish: (code: number) => void): void {
  const command = program
    .command('map')
    .description('learn who may do what: operations and roles, as a table and as a file to correct')
    .argument('[url]', 'URL of the API; may be left out when the description names its server')
    .addOption(
      new Option('--allow <what>', 'read: GET, HEAD and OPTIONS only; write: also try changes, on things made for it')
        .choices(['read', 'write'])
        .default('read'),
    );
  withLimits(withNetwork(withIdentities(withDescription(command))))
    .option('--exclude <pattern>', 'leave operations out: a part of "METHOD /path", * for anything; may be repeated', each)
    .option('--seed <text>', 'decides every generated value')
    .addOption(new Option('--format <name>', 'how the map is printed (default: pretty)').choices(['pretty', 'json', 'yaml']))
    .option('-o, --output <file>', 'also write it to a file, as YAML for: middlebrick scan --permissions')
    .option('--record <file>', 'record every exchange, secrets taken out')
    .option('--journal <file>', 'what was made is listed there until it is removed (default with --allow write: a file in this folder)')
    .action(async (url: string | undefined, flags: MapFlags) => {
      const { mapCommand } = await import('./map-command.ts');
      finish(await mapCommand(url, flags, invocation));
    });
}

function addOthers(program: Command, invocation: Invocation, finish: (code: number) => void): void {
  withOutput(program.command('analyze').description('find broken authorization in the source of a Flask app').argument('<folder>'))
    .option('--only <rules>', 'run only these rules, with commas between', names)
    .option('--config <file>', 'what the source cannot say of itself (default: middlebrick.yml in the folder)')
    .option('--diff', 'print one unified diff of all patches instead of the report; `git apply` takes it')
    .option('--fix', 'write the patches into the files; the report is of what is left')
    .action(async (folder: string, flags: AnalyzeFlags) => {
      const { analyzeCommand } = await import('./analyze-command.ts');
      finish(await analyzeCommand(folder, flags, invocation));
    });
  withScoredOutput(withChecks(program.command('judge').description('judge a recorded scan again, offline').argument('<recording>'))).action(
    async (file: string, flags: JudgeFlags) => {
      const { judgeCommand } = await import('./judge-command.ts');
      finish(await judgeCommand(file, flags, invocation));
    },
  );
  withNetwork(
    withIdentities(
      program.command('cleanup').description('remove what an interrupted scan left behind').argument('<journal>', 'the file that it left'),
    ),
  ).action(async (file: string, flags: CleanUpFlags) => {
    const { cleanUpCommand } = await import('./cleanup-command.ts');
    finish(await cleanUpCommand(file, flags, invocation));
  });
  program
    .command('explain')
    .description('list the checks, or show the page of one')
    .argument('[check]')
    .action(async (id: string | undefined) => {
      const { explainCommand } = await import('./explain-command.ts');
      finish(await explainCommand(id, invocation));
    });
  program
    .command('remedies')
    .description('list the repairs that are known, or show those of a weakness or a check')
    .argument('[weakness]')
    .option('--stack <words>', 'for what it is built with: flask,mongodb,bearer')
    .addOption(new Option('--format <name>', 'how they are written (default: pretty)').choices(['pretty', 'json', 'markdown']))
    .option('-o, --output <file>', 'write them to a file')
    .action(async (weakness: string | undefined, flags: RemediesFlags) => {
      const { remediesCommand } = await import('./remedies-command.ts');
      finish(await remediesCommand(weakness, flags, invocation));
    });
  withScoredOutput(program.command('demo').description('scan a small vulnerable shop that is served inside this process'))
    .option('--repaired', 'scan its repaired twin instead')
    .option('--seed <text>', 'decides every generated value')
    .action(async (flags: DemoFlags) => {
      const { demoCommand } = await import('./demo-command.ts');
      finish(await demoCommand(flags, invocation));
    });
}
