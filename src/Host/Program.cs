using ReSTE.Native.Host;

using var interruption = new Interruption();
interruption.Listen();
using var output = new TolerantWriter(() => Console.Out);
using var error = new TolerantWriter(() => Console.Error);
// The console that draws bars finds out about the terminal through Console.Out.
Console.SetOut(output);
using var engine = new EngineAdapter();
var context = new HostContext(output, error, Terminals.Interactive(), engine, interruption, args, ResumeCommand.ProgramOnPath());
return new App(context).Run();
