using System.Runtime.CompilerServices;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Every driver call goes through here: what fails throws, and carries its own name.</summary>
internal static class Check
{
    /// <summary>
    /// Throws where the call failed. <paramref name="detail"/> must cost nothing on the step path: a constant, or nothing.
    /// </summary>
    internal static void That(CuResult result, string detail = "", [CallerArgumentExpression(nameof(result))] string call = "")
    {
        if (result != CuResult.CUDA_SUCCESS)
            throw new CudaException(result, FunctionName(call), detail);
    }

    /// <summary>The function's name out of a call's source text: no class, no arguments.</summary>
    internal static string FunctionName(string call)
    {
        int end = call.IndexOf('(', StringComparison.Ordinal);
        string name = (end < 0 ? call : call[..end]).Trim();
        return name[(name.LastIndexOf('.') + 1)..];
    }
}
