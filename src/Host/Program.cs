using ReSTE.Native.Host;

using var interruption = new Interruption();
interruption.Listen();
using var output = new TolerantWriter(() => Console.Out);
using var error = new TolerantWriter(() => Console.Error);
// The console that draws bars finds out about the terminal through Console.Out.
Console.SetOut(output);
using var engine = new EngineAdapter();
var terminal = Terminals.Interactive();
interruption.Leaving = signal =>
{
    // A bar hides the cursor, and has no time left to show it again.
    if (terminal != null)
        output.WriteLine("\e[?25h");
    error.WriteLine($"left at once by {signal}, without saving: a checkpoint that was there is as it was");
};
var context = new HostContext(output, error, terminal, engine, interruption, args, ResumeCommand.ProgramOnPath());
return new App(context).Run();
