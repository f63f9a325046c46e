using ReSTE.Native.Devices;
using ReSTE.Native.Messages;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>What benchmarks say of memory that their batches do not find.</summary>
internal static class BenchMemory
{
    /// <summary>A batch whose images alone are too many.</summary>
    public static HostException ImagesTooLarge(IFlag flag, int batch, DeviceMemoryException problem, DeviceMemory memory) =>
        new(ExitCode.Failure, $"{flag.Name} {Numbers.Text(batch)}: its images alone need " +
            $"{ByteSize.Text(problem.Needs.Data)}, and {memory} are free", "give a smaller one", problem);
}
