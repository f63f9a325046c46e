using System.Text;
using ReSTE.Native.Export.C;

namespace ReSTE.Native.Export;

/// <summary>One header of C99, docs/c-header.md.</summary>
public sealed class CHeaderFormat : IExportFormat
{
    /// <inheritdoc/>
    public string Name => "c";

    /// <inheritdoc/>
    public bool IsExact => true;

    /// <inheritdoc/>
    public void Write(ExportSource source, ExportOptions options, Stream target) =>
        target.Write(Encoding.ASCII.GetBytes(CHeader.Of(Folding.Of(source, options.Classes, options.WholeReals))));

    /// <inheritdoc/>
    public IExportedForm Open(string path, int threads) => CompiledHeader.Open(path, threads, CCompiler.Find());
}
