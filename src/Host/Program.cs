using ReSTE.Native.Host;

using var interruption = new Interruption();
interruption.Listen();
var context = new HostContext(Console.Out, Console.Error, Terminals.Interactive(), new EngineAdapter(), interruption, args);
return new App(context).Run();
