namespace ReSTE.Native.Account;

/// <summary>All kernels of one target: their disassembly, and what ptxas said of them.</summary>
internal sealed class CompiledKernels
{
    private readonly Dictionary<string, Disassembly> _code = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Resources> _resources = new(StringComparer.Ordinal);

    /// <summary>Reads files <c>*.sass</c> of <c>nvdisasm -c</c> from one folder and logs of ptxas from another.</summary>
    /// <exception cref="InvalidDataException">There is none of either.</exception>
    public CompiledKernels(string code, string logs, string target)
    {
        foreach (string path in Directory.GetFiles(code, "*.sass"))
            foreach (Disassembly kernel in Disassembly.Read(File.ReadLines(path)))
                _code[kernel.Kernel] = kernel;
        foreach (string path in Directory.GetFiles(logs, $"*.{target}.log"))
            foreach ((string kernel, Resources resources) in Account.Resources.Read(File.ReadAllText(path)))
                _resources[kernel] = resources;
        if (_code.Count == 0 || _resources.Count == 0)
            throw new InvalidDataException($"no compiled kernels in {code} and {logs}");
    }

    public KernelCode Code(string kernel, bool multiplies) => KernelCode.Of(Found(_code, kernel), multiplies);

    public Resources Resources(string kernel) => Found(_resources, kernel);

    private static T Found<T>(Dictionary<string, T> all, string kernel) => all.TryGetValue(kernel, out T? found)
        ? found : throw new InvalidDataException($"a step launches {kernel}, which is not among the compiled kernels");
}
