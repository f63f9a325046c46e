using System.Globalization;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// What the driver says about one GPU. <paramref name="TotalMemory"/> in bytes; <paramref name="PciBus"/> such as 0000:3b:00, null where
/// unknown.
/// </summary>
sealed partial record CudaDeviceInfo(int Ordinal, string Name, int Major, int Minor, long TotalMemory, int Multiprocessors, string? PciBus)
{
    /// <summary>Compute capability, such as 9.0.</summary>
    public string Capability => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");

    /// <summary>How its tensor cores multiply signs.</summary>
    internal SignForm SignForm => SignForms.Of(Major);

    /// <summary>Name and address, for a number means another GPU in another order: <c>NVIDIA H200 at 0000:3b:00</c>.</summary>
    public string Place => PciBus is null ? Name : $"{Name} at {PciBus}";
}
