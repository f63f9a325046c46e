namespace ReSTE.Native.Devices.Cuda;

/// <summary>A kernel that is loaded and can be launched. <paramref name="Function"/> lives as long as the module it is of.</summary>
internal sealed record CudaKernel(string Entry, uint Block, nint Function, string ImageFile)
{
    /// <summary>What was launched, for messages.</summary>
    internal string Describe(Grid grid) => $"{Entry}, grid {grid}, block {Block}";
}
