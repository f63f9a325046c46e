namespace ReSTE.Native.Engine.Tests.StateFiles;

/// <summary>The files that build/peers/torch_samples.py had PyTorch write.</summary>
internal static class TorchSamples
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "kept", "torch");

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(s_folder).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)];

    public static string At(string name) => Path.Combine(s_folder, name);
}
