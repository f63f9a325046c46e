using System.Text;
using ReSTE.Native.Export.Page;

namespace ReSTE.Native.Export;

/// <summary>One page for browsers, docs/browser.md.</summary>
public sealed class HtmlFormat : IExportFormat
{
    /// <inheritdoc/>
    public string Name => "html";

    /// <inheritdoc/>
    public bool IsExact => true;

    /// <inheritdoc/>
    public int Samples => 20;

    /// <inheritdoc/>
    public int? Verified => 100;

    /// <inheritdoc/>
    public void Write(ExportSource source, ExportOptions options, Stream target)
    {
        var facts = new PageFacts(source.Numbers, source.Top1, options.Samples);
        target.Write(Encoding.UTF8.GetBytes(HtmlPage.Of(Folding.Of(source, options.Classes, options.WholeReals), facts)));
    }

    /// <inheritdoc/>
    public IExportedForm Open(string path, int threads) => BrowsedPage.Open(path, Browser.Find());
}
