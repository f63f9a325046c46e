namespace ReSTE.Native.Devices.Cuda;

/// <summary>Arguments of <c>device_copy</c>.</summary>
internal readonly record struct DeviceCopy(Ptr<UInt128> X, Ptr<UInt128> Y, uint Count) : IKernelArgs;

/// <summary>Arguments of <c>device_bits</c>.</summary>
internal readonly record struct DeviceBits(Ptr<uint> Y, uint Rounds) : IKernelArgs;

/// <summary>Arguments of <c>device_int8</c>.</summary>
internal readonly record struct DeviceInt8(Ptr<uint> Y, uint Rounds) : IKernelArgs;

/// <summary>Arguments of <c>device_bf16</c>.</summary>
internal readonly record struct DeviceBf16(Ptr<float> Y, uint Rounds) : IKernelArgs;

/// <summary>Arguments of <c>device_fma</c>.</summary>
internal readonly record struct DeviceFma(Ptr<float> Y, uint Rounds) : IKernelArgs;

/// <summary>
/// Measures what a GPU does at most. Each measurement is made larger until it takes long enough to be exact, so that it is over at once on
/// whatever is slow.
/// </summary>
internal sealed class CudaRates(CudaContext context, CudaStream stream, CudaKernels kernels, CudaTimer timer)
{
    // Long against the pauses between launches, short against a person's patience.
    private const double LongEnough = 1e-3;
    private const int Repetitions = 10, BlocksOfAMultiprocessor = 8;
    private const uint FirstRounds = 4, MostRounds = 1 << 20;

    // Beyond any cache; the two blocks together stay below an eighth of the memory.
    private const long FirstCopy = 1 << 20, MostCopy = 1L << 30;
    private const int MemoryShare = 16;

    /// <summary>Multiply-adds of one matrix instruction of a warp: rows x columns x depth of A and B.</summary>
    private const long BitsOfAnInstruction = 16 * 8 * 256, Int8OfAnInstruction = 16 * 8 * 32, Bf16OfAnInstruction = 16 * 8 * 16;

    public DeviceRates Measure()
    {
        uint blocks = (uint)(context.Info.Multiprocessors * BlocksOfAMultiprocessor), chains = kernels.Constant<DeviceFma>("device_chains");
        uint threads = blocks * kernels.BlockOf<DeviceFma>();
        nint results = context.Allocate(threads * sizeof(float), "measured rates");
        try
        {
            double instructions = (double)threads / 32 * chains;
            var grid = new Grid(blocks);
            return new DeviceRates(
                CopiedBytes(),
                context.Info.SignForm == SignForm.Int8
                    ? instructions * Int8OfAnInstruction * Rounds(r => stream.Launch(new DeviceInt8(new(results), r), grid))
                    : instructions * BitsOfAnInstruction * Rounds(r => stream.Launch(new DeviceBits(new(results), r), grid)),
                instructions * Bf16OfAnInstruction * Rounds(r => stream.Launch(new DeviceBf16(new(results), r), grid)),
                (double)threads * chains * Rounds(r => stream.Launch(new DeviceFma(new(results), r), grid)));
        }
        finally
        {
            stream.Synchronize();
            context.Free(results);
        }
    }

    /// <summary>Rounds a second.</summary>
    private double Rounds(Action<uint> launch)
    {
        uint rounds = FirstRounds;
        double seconds;
        while ((seconds = Fastest(() => launch(rounds), 1)) < LongEnough && rounds < MostRounds)
            rounds *= 4;
        return rounds / (seconds < LongEnough * 10 ? Fastest(() => launch(rounds), Repetitions) : seconds);
    }

    private double CopiedBytes()
    {
        long bytes = FirstCopy, most = Math.Min(MostCopy, context.Memory().Free / MemoryShare);
        while (true)
        {
            double seconds = Copy(bytes);
            if (seconds >= LongEnough || bytes * 2 > most)
                return 2 * bytes / seconds;
            bytes *= 2;
        }
    }

    private double Copy(long bytes)
    {
        nint from = context.Allocate(bytes, "a copy to measure"), to = 0;
        try
        {
            to = context.Allocate(bytes, "a copy to measure");
            stream.Fill(from, 1, bytes);
            var copy = new DeviceCopy(new(from), new(to), (uint)(bytes / 16));
            Grid grid = kernels.Blocks<DeviceCopy>(bytes / 16);
            return Fastest(() => stream.Launch(copy, grid), Repetitions);
        }
        finally
        {
            stream.Synchronize();
            context.Free(from);
            if (to != 0)
                context.Free(to);
        }
    }

    private double Fastest(Action work, int repetitions) => timer.Time(work, repetitions, cold: false).Min();
}
