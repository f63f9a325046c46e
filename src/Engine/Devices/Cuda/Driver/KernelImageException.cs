namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// The kernel images are not those that this engine launches: of another version, or there are none. The message is one line that names
/// the kernel or file, and where the images are from.
/// </summary>
sealed partial class KernelImageException : InvalidOperationException
{
    internal KernelImageException(string message) : base(message)
    {
    }
}
