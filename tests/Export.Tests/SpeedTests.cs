using System.Diagnostics;
using ReSTE.Native.Export.Onnx;
using ReSTE.Native.Inference;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.Tests;

/// <summary>
/// A packed network beside ONNX Runtime, which runs the same network in floats, in turn. With -explicit only; the
/// figures in docs/packed-format.md are of a Release build on an idle machine.
/// </summary>
public sealed class SpeedTests
{
    private const int Batch = 256, Singles = 400, Rounds = 5;

    private const double LeastTimes = 5;

    [Fact(Explicit = true)]
    [Trait("Category", "Speed")]
    public void A_packed_network_is_five_times_as_fast_as_onnx_runtime()
    {
        using ExportSource source = Checkpoints.Source("resnet20_1w1a", threads: 2);
        byte[] packed = PackedFile.Write(Folding.Of(source, Exported.Classes));
        byte[] images = Checkpoints.Pixels(Batch, source.Image, seed: 3);

        var labels = new int[Batch];
        double[] whole = InTurn(2, model => Seconds(() => model.Predict(images, labels)), form => Seconds(() => form.Logits(images)));
        Console.WriteLine(FormattableString.Invariant($"batch {Batch}, 2 threads, images a second: packed {Batch / whole[0]:f0}, ") +
            FormattableString.Invariant($"ONNX Runtime {Batch / whole[1]:f0}: {whole[1] / whole[0]:f1} times"));
        double[] single = InTurn(1, model => Median(i => model.Predict(Image(i), labels)), form => Median(i => form.Logits(Image(i))));
        Console.WriteLine(FormattableString.Invariant($"batch 1, 1 thread, median of an image: packed {single[0] * 1e6:f1} us, ") +
            FormattableString.Invariant($"ONNX Runtime {single[1] * 1e6:f1} us: {single[1] / single[0]:f1} times"));
        Assert.True(whole[1] / whole[0] >= LeastTimes && single[1] / single[0] >= LeastTimes);

        // The threads of each wait for work by looking, and take a core from the other: they are never there at once.
        double[] InTurn(int threads, Func<BinaryModel, double> first, Func<IExportedForm, double> second)
        {
            double[] ofPacked = new double[Rounds], ofOnnx = new double[Rounds];
            for (int round = 0; round < Rounds; round++)
            {
                using (var model = BinaryModel.Read(packed, threads))
                {
                    first(model);
                    ofPacked[round] = first(model);
                }

                using IExportedForm form = Onnx(source, threads);
                second(form);
                ofOnnx[round] = second(form);
            }

            return [ofPacked.Order().ElementAt(Rounds / 2), ofOnnx.Order().ElementAt(Rounds / 2)];
        }

        ReadOnlySpan<byte> Image(int i) => images.AsSpan(i % Batch * source.Image.Bytes, source.Image.Bytes);
    }

    private static IExportedForm Onnx(ExportSource source, int threads)
    {
        var format = new OnnxFormat();
        return Exported.Open(format, stream => format.Write(source, new ExportOptions(Exported.Classes), stream), threads);
    }

    private static double Seconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(Action<int> work)
    {
        var times = new double[Singles];
        for (int i = 0; i < Singles; i++)
        {
            int image = i;
            times[i] = Seconds(() => work(image));
        }

        return times.Order().ElementAt(Singles / 2);
    }
}
