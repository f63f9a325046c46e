using System.Runtime.InteropServices;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Devices.Reference;
using ReSTE.Native.Tensors;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Embedding;

/// <summary>A predictor over the caller's own memory on the device: the same bits, nothing of the predictor's own memory touched.</summary>
public sealed class BoundPredictorTests
{
    private const int Batch = 5;

    [Theory]
    [MemberData(nameof(Stripes.Devices), MemberType = typeof(Stripes))]
    public void It_gives_the_bits_of_the_predictor_from_one_memory_and_another(string kind)
    {
        using Device device = Stripes.Open(kind);
        using var trainer = new Trainer(Stripes.Recipe, device, Stripes.Data, Stripes.Network);
        trainer.Next(); // an untrained network says the same of every image
        using Predictor predictor = trainer.NewPredictor(Batch);
        float[] expected = [.. predictor.Logits(Images(0)).Concat(predictor.Logits(Images(1))).SelectMany(s => s)];
        Assert.NotEqual(expected[..(Batch * 3)], expected[(Batch * 3)..]);
        using var first = new Memory(predictor);
        using var second = new Memory(predictor);
        first.Fill(Images(0));
        second.Fill(Images(1));
        using BoundPredictor here = first.Bind(), there = second.Bind();
        // The predictor's own memory holds other images meanwhile.
        predictor.Logits(Images(2));
        here.Run();
        there.Run();
        Assert.Equal(expected, first.Scores().Concat(second.Scores()));
        // New images at the same place, and the trainer's weights as they are now.
        trainer.Next();
        first.Fill(Images(2));
        here.Run();
        Assert.Equal(predictor.Logits(Images(2)).SelectMany(s => s), first.Scores());
        Assert.Equal(expected.Skip(Batch * 3), second.Scores());
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        using var device = new CpuDevice(1);
        using var trainer = new Trainer(Stripes.Recipe, device, Stripes.Data, Stripes.Network);
        using Predictor predictor = trainer.NewPredictor(Batch);
        using var memory = new Memory(predictor);
        using BoundPredictor bound = memory.Bind();
        bound.Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        bound.Run();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Misuse_is_told_at_once()
    {
        using var device = new CpuDevice(1);
        using var trainer = new Trainer(Stripes.Recipe, device, Stripes.Data, Stripes.Network);
        Predictor predictor = trainer.NewPredictor(Batch);
        Assert.Same(device, predictor.Device);
        using var memory = new Memory(predictor);
        var e = Assert.Throws<ArgumentException>(() => predictor.Bind(0, memory.ScoresAt));
        Assert.Equal("the address of the images is 0x0, not a multiple of 64 bytes (Parameter 'images')", e.Message);
        e = Assert.Throws<ArgumentException>(() => predictor.Bind(memory.ImagesAt, memory.ScoresAt + 4));
        Assert.StartsWith("the address of the scores is 0x", e.Message, StringComparison.Ordinal);
        BoundPredictor bound = memory.Bind(), other = memory.Bind();
        bound.Dispose();
        Assert.Throws<ObjectDisposedException>(bound.Run);
        predictor.Dispose();
        Assert.Throws<ObjectDisposedException>(other.Run);
        Assert.Throws<ObjectDisposedException>(memory.Bind);
    }

    private static byte[] Images(int batch) =>
        Stripes.Test.Pixels[(batch * Batch * Stripes.Shape.Bytes)..][..(Batch * Stripes.Shape.Bytes)];

    /// <summary>What other code on the device would have: room for a batch and its scores.</summary>
    private sealed class Memory : IDisposable
    {
        private readonly Predictor _predictor;
        private readonly int _real;

        public Memory(Predictor predictor)
        {
            _predictor = predictor;
            _real = predictor.Device.Real.Size();
            ImagesAt = Device.Allocate(Batch * predictor.Shape.Bytes);
            ScoresAt = Device.Allocate(Batch * predictor.Classes * _real);
        }

        public nint ImagesAt { get; }

        public nint ScoresAt { get; }

        private Device Device => _predictor.Device;

        public BoundPredictor Bind() => _predictor.Bind(ImagesAt, ScoresAt);

        public void Fill(byte[] images) => Device.Upload(ImagesAt, images);

        public float[] Scores()
        {
            var bytes = new byte[Batch * _predictor.Classes * _real];
            Device.Download(ScoresAt, bytes);
            return Device is ReferenceDevice ? [.. MemoryMarshal.Cast<byte, double>(bytes).ToArray().Select(v => (float)v)]
                : [.. MemoryMarshal.Cast<byte, float>(bytes)];
        }

        public void Dispose()
        {
            Device.Free(ImagesAt);
            Device.Free(ScoresAt);
        }
    }
}
