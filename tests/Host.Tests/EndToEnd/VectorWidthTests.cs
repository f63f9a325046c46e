using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>The variables of the runtime that take the wider vectors away: the command computes with what is left.</summary>
public sealed class VectorWidthTests
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512", 256)]
    [InlineData("DOTNET_EnableAVX2", 128)]
    [InlineData("DOTNET_EnableHWIntrinsic", 0)]
    public void A_variable_forces_a_width(string variable, int bits)
    {
        Assert.SkipUnless(X86Base.IsSupported, "the variables are those of x86");
        var environment = new Dictionary<string, string?>(Reste.WithoutGpu) { [variable] = "0" };
        string widest = Math.Min(bits, Own) == 0 ? "none" : $"{Math.Min(bits, Own)} bits";
        Assert.Matches($"(?m)^vectors: +{widest}$", Run(environment, "info"));
        Assert.Contains(" ms a step", Run(environment, "bench", "step", "--device", "cpu", "--threads", "2", "--batch", "4",
            "--warmup", "0", "--steps", "1"));
    }

    private static int Own => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 :
        Vector128.IsHardwareAccelerated ? 128 : 0;

    private static string Run(Dictionary<string, string?> environment, params string[] arguments)
    {
        using var process = Reste.Start(environment, arguments);
        return Reste.Finish(process).AssertDone().Output;
    }
}
