using System.CommandLine;
using System.Diagnostics;
using ReSTE.Native.Inference;
using static ReSTE.Native.Host.FlagOrigin;
using static ReSTE.Native.Host.Flags;

namespace ReSTE.Native.Host;

/// <summary>`reste bench packed MODEL`: how many images a second a packed network tells apart, from bytes to labels.</summary>
internal sealed class BenchPackedVerb : Verb
{
    private readonly Argument<string> _model = new("MODEL");
    private readonly Flag<int> _batch, _steps, _warmup;
    private readonly PackedFlags _where;

    private BenchPackedVerb(PackedFlags where, Flag<int> batch, Flag<int> steps, Flag<int> warmup)
        : base("packed", "Times a packed network on made-up images, from bytes to labels.",
            [batch, steps, warmup, where.Device, where.Threads])
    {
        (_where, _batch, _steps, _warmup) = (where, batch, steps, warmup);
        Add(_model);
    }

    public BenchPackedVerb() : this(new(),
        Integer(Ours, "--batch", 256, 1, "images a call", "-b", "--batch_size"),
        Integer(Ours, "--steps", 50, 1, "calls that are timed"),
        Integer(Ours, "--warmup", 10, 0, "calls before them that are not"))
    {
    }

    public override int Run(ParseResult parsed, HostContext context)
    {
        var batch = _batch.In(parsed);
        using var model = PackedModels.Open(
            parsed.GetValue(_model)!, _where.Device.In(parsed), _where.Threads.In(parsed), context);
        var images = new byte[(long)batch * model.ImageBytes];
        new Random(1).NextBytes(images);
        var labels = new int[batch];
        Times(model, images, labels, _warmup.In(parsed), context.Interruption.Token);
        var times = TimeSpread.Of(Times(model, images, labels, _steps.In(parsed), context.Interruption.Token));
        context.Out.WriteLine(model.Device);
        context.Out.WriteLine($"{model.Network}, {Plural.Of(batch, "image")} a call, {Plural.Of(times.Repetitions, "call")}: " +
            $"{Numbers.Fixed(1e6 * batch / times.MedianUs, 0)} images/s; {Numbers.Fixed(times.MedianUs / 1000, 3)} ms a call, " +
            $"{Numbers.Fixed(times.MinUs / 1000, 3)} to {Numbers.Fixed(times.MaxUs / 1000, 3)}, " +
            Machine.LoadText(Machine.LoadAverage));
        return ExitCode.Done;
    }

    // Seconds of each call.
    private static double[] Times(BinaryModel model, byte[] images, int[] labels, int calls, CancellationToken stop)
    {
        var times = new double[calls];
        for (var i = 0; i < calls; i++)
        {
            stop.ThrowIfCancellationRequested();
            var start = Stopwatch.GetTimestamp();
            model.Predict(images, labels);
            times[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        return times;
    }
}
