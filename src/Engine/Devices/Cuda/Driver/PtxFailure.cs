using System.Text;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Explains why the driver refused a kernel's text.</summary>
internal static class PtxFailure
{
    private const string Directive = ".version";

    /// <summary>The image's name and what to do about it, or the first line of the compiler's log.</summary>
    internal static string Detail(CuResult result, string file, byte[] text, int driverVersion, string log)
    {
        if (result == CuResult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION)
        {
            string version = Version(text) ?? "of unknown version", newest = CudaInventory.VersionText(driverVersion);
            return $"{file} is PTX {version}, too new for this driver, which supports CUDA {newest}: "
                + "update the driver, or build the kernels with an older nvcc";
        }

        string? line = log.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.Length > 0);
        return line is null ? file : $"{file}: {line}";
    }

    /// <summary>The number after .version in the head of the text, or null.</summary>
    internal static string? Version(byte[] text)
    {
        foreach (string line in Encoding.UTF8.GetString(text).Split('\n'))
        {
            if (line.StartsWith(Directive, StringComparison.Ordinal))
                return line[Directive.Length..].Trim();
        }

        return null;
    }
}
