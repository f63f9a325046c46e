namespace ReSTE.Native.Host;

/// <summary>Results of `bench kernels` for a reader: a row a kernel and shape; columns that say nothing here are left out.</summary>
internal sealed class KernelTable(KernelResults results, KernelBaseline? baseline)
{
    private const int Width = 240;

    private static readonly (string Title, Func<KernelRow, string> Cell)[] s_columns =
    [
        ("kernel", row => row.Kernel),
        ("layer", row => row.Layer),
        ("of a step", row => Numbers.Text(row.Count)),
        ("cold us", row => Numbers.Fixed(row.Cold.MedianUs, 1)),
        ("warm us", row => Numbers.Fixed(row.Warm.MedianUs, 1)),
        ("from .. to", row => $"{Numbers.Fixed(row.Warm.MinUs, 1)} .. {Numbers.Fixed(row.Warm.MaxUs, 1)}"),
        ("GB/s", row => Numbers.Fixed(row.GbS, 1)),
        ("of copy", row => Percent(row.CopyShare)),
        ("TOPS", row => row.Tops > 0 ? Numbers.Fixed(row.Tops, 3) : ""),
        ("of products", row => row.MatrixShare > 0 ? Percent(row.MatrixShare) : ""),
    ];

    public void Show(TextWriter output)
    {
        var columns = Columns().ToArray();
        ConsoleTable.Write(output, Width, columns.Select(column => (column.Title, false)),
            results.Rows.Select(row => columns.Select(column => column.Cell(row))));
    }

    private IEnumerable<(string Title, Func<KernelRow, string> Cell)> Columns()
    {
        if (results.Rows.DistinctBy(row => (row.Dataset, row.Model)).Count() > 1)
            yield return ("network", row => $"{row.Dataset}/{row.Model}");
        foreach (var column in s_columns)
            yield return column;
        if (baseline is not null)
            yield return ("of baseline", row => baseline.Ratio(row, results.Batch) is { } ratio ? Numbers.Fixed(ratio, 3) : "");
        if (results.Rows.Any(row => row.CublasUs is not null))
            yield return ("cuBLAS us", row => Optional(row.CublasUs));
        if (results.Rows.Any(row => row.CudnnUs is not null))
            yield return ("cuDNN us", row => Optional(row.CudnnUs));
    }

    private static string Percent(double share) => Numbers.Fixed(share * 100, 1) + " %";

    private static string Optional(double? value) => value is { } number ? Numbers.Fixed(number, 1) : "";
}
