using System.Diagnostics;
using ReSTE.Native.Export.Onnx;
using ReSTE.Native.Inference;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.Tests;

/// <summary>
/// A packed network beside ONNX Runtime, which runs the same network in floats, and beside the engine, in turn. With -explicit only; the
/// figures in docs/packed-format.md are of a Release build on an idle machine.
/// </summary>
public sealed class SpeedTests
{
    private const int Batch = 256, Singles = 400, Rounds = 7;

    private const double LeastTimes = 5;

    [Fact(Explicit = true)]
    [Trait("Category", "Speed")]
    public void A_packed_network_is_five_times_as_fast_as_onnx_runtime()
    {
        using ExportSource source = Checkpoints.Source("resnet20_1w1a", threads: 2);
        byte[] packed = PackedFile.Write(Folding.Of(source, Exported.Classes));
        byte[] images = Checkpoints.Pixels(Batch, source.Image, seed: 3);

        using (var model = BinaryModel.Read(packed, threads: 2))
        using (IExportedForm float32 = Onnx(source, threads: 2))
        {
            var labels = new int[Batch];
            double[] times = InTurn(() => model.Predict(images, labels), () => float32.Logits(images), () => source.Logits(images));
            Console.WriteLine(FormattableString.Invariant($"batch {Batch}, 2 threads, images a second: packed {Batch / times[0]:f0}, ") +
                FormattableString.Invariant($"{float32.Reader} {Batch / times[1]:f0}, engine {Batch / times[2]:f0}; ") +
                FormattableString.Invariant($"{times[1] / times[0]:f1} times ONNX Runtime"));
            Assert.True(times[1] / times[0] >= LeastTimes);
        }

        using (var model = BinaryModel.Read(packed, threads: 1))
        using (IExportedForm float32 = Onnx(source, threads: 1))
        {
            var label = new int[1];
            double[] times = InTurn(() => Median(i => model.Predict(Image(i), label)), () => Median(i => float32.Logits(Image(i))));
            Console.WriteLine(FormattableString.Invariant($"batch 1, 1 thread, median of an image: packed {times[0] * 1e6:f1} us, ") +
                FormattableString.Invariant($"{float32.Reader} {times[1] * 1e6:f1} us; {times[1] / times[0]:f1} times"));
            Assert.True(times[1] / times[0] >= LeastTimes);
        }

        ReadOnlySpan<byte> Image(int i) => images.AsSpan(i % Batch * source.Image.Bytes, source.Image.Bytes);
    }

    private static IExportedForm Onnx(ExportSource source, int threads)
    {
        var format = new OnnxFormat();
        return Exported.Open(format, stream => format.Write(source, new ExportOptions(Exported.Classes), stream), threads);
    }

    /// <summary>The median time of each, in seconds; they take turns, and what a round is before the first is not counted.</summary>
    private static double[] InTurn(params Func<double>[] works)
    {
        var times = new double[works.Length][];
        for (int w = 0; w < works.Length; w++)
            times[w] = new double[Rounds + 1];
        for (int round = 0; round <= Rounds; round++)
            for (int w = 0; w < works.Length; w++)
                times[w][round] = works[w]();
        return Array.ConvertAll(times, all => all[1..].Order().ElementAt(Rounds / 2));
    }

    private static double[] InTurn(params Action[] works) => InTurn(Array.ConvertAll<Action, Func<double>>(works, work => () =>
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }));

    private static double Median(Action<int> work)
    {
        var times = new double[Singles];
        for (int i = 0; i < Singles; i++)
        {
            long start = Stopwatch.GetTimestamp();
            work(i);
            times[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        return times.Order().ElementAt(Singles / 2);
    }
}
