using System.CommandLine;

namespace ReSTE.Native.Host;

/// <summary>`reste bench kernels`: what each kernel of a training step has to do, and how long it takes.</summary>
internal sealed class BenchKernelsVerb(IEngine engine, BenchKernelsFlags flags)
    : Verb("kernels", "Lists or times the kernels of a network's training step.", flags.All)
{
    public BenchKernelsVerb(IEngine engine) : this(engine, new())
    {
    }

    public override int Run(ParseResult parsed, HostContext context)
    {
        if (!flags.List.In(parsed))
            throw HostException.Misuse("kernels are not timed yet", "add --list");
        List(parsed, context);
        return ExitCode.Done;
    }

    private void List(ParseResult parsed, HostContext context)
    {
        var recipe = flags.Recipe(parsed, engine);
        var notices = new List<string>();
        var device = DeviceRule.Choose(flags.Device.In(parsed), [], flags.Threads.In(parsed), engine, notices);
        context.Notify(notices);
        if (device.Kind == DeviceKind.Cpu)
            throw HostException.Misuse($"{flags.List.Name}: the CPU has no launches", $"add {flags.Device.Name} cuda");
        var file = new JsonTarget(flags.Json.Name, flags.Json.In(parsed));
        file.RequireWritable();
        var listing = LaunchListing.Of(recipe, engine.List(recipe, device));
        if (file.Write(listing.Json()))
            context.Out.WriteLine(listing.Summary());
        else
            context.Out.WriteLine(listing.Json());
    }
}
