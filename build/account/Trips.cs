namespace ReSTE.Native.Account;

/// <summary>How often the counted instructions of a kernel run in a launch, over all warps, from what the launch has to do.</summary>
internal static class Trips
{
    private const double Lanes = 32, BitsPerWord = 32;

    /// <summary>
    /// The number, or null where nothing recorded says it. Work that padding adds is not in it: a kernel that pads runs more often.
    /// </summary>
    public static double? Of(Launch launch, KernelCode code)
    {
        if (!code.HasLoop)
            return launch.Warps;
        InstructionMix mix = code.Mix;
        if (launch.Work > 0 && mix.Matrix.Count > 0)
            return Enum.GetValues<WorkKind>().Sum(kind => launch.Of(kind) * mix.Matrix[0].Products(kind, launch.KeepsAllBits))
                / mix.Matrix.Sum(form => (double)form.MultiplyAdds);
        if (launch.Bits > 0 && mix[InstructionKind.Popcount] > 0)
            return launch.Bits / (mix[InstructionKind.Popcount] * Lanes * BitsPerWord);
        if (launch.Sign + launch.Real > 0 && Math.Max(mix.Multiplications, mix.Additions) is > 0 and int products)
            return (launch.Sign + launch.Real) / (products * Lanes);
        return launch.Bytes > 0 && mix.GlobalBytes > 0 ? launch.Bytes / (mix.GlobalBytes * Lanes) : null;
    }
}
