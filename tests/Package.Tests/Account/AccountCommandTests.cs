using ReSTE.Native.Account;

namespace ReSTE.Native.Package.Tests.Account;

/// <summary>The page that is written, and when it is stale.</summary>
public sealed class AccountCommandTests : IDisposable
{
    private const string Log = """
        ptxas info    : Compiling entry function '{0}' for 'sm_90a'
        ptxas info    : Used 40 registers, 4096 bytes smem

        """;

    private readonly TemporaryFolder _folder = new();

    public AccountCommandTests()
    {
        Directory.CreateDirectory(_folder.File("code"));
        Directory.CreateDirectory(_folder.File("logs"));
        File.Copy(AccountSample.Path, _folder.File("code/sample.sass"));
        File.WriteAllText(_folder.File("logs/sample.sm_90a.log"),
            string.Concat(new[] { "product", "sums", "slopes" }.Select(name => Log.Replace("{0}", name, StringComparison.Ordinal))));
        File.WriteAllText(_folder.File("measured.txt"), "kernel  us a step  launches  us each  share\nsums  12.3  2  6.1  80.0%\n");
        File.WriteAllText(_folder.File("page.md"), "# Kernels\n\n<!-- account: begin -->\n\n<!-- account: end -->\n\nThe end.\n");
        WriteLaunches("sums", "product", "sums");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_page_that_was_written_is_up_to_date_and_keeps_what_stands_around()
    {
        Assert.Equal((0, ""), Run("12.4", "write"));
        string[] page = File.ReadAllLines(_folder.File("page.md"));
        Assert.Equal(("# Kernels", "The end."), (page[0], page[^1]));
        Assert.Contains("Compiled by nvcc 12.4 for sm_90a.", page);
        Assert.Contains(page, line => line.StartsWith("| `sums` | 2 | 8.6 | | | | 2.0 | 132 |", StringComparison.Ordinal)
            && line.EndsWith("| 12.3 |", StringComparison.Ordinal));
        Assert.Equal((0, $"account: {_folder.File("page.md")} is up to date\n"), Run("12.4", "check"));
    }

    [Fact]
    public void Another_launch_makes_it_stale()
    {
        Run("12.4", "write");
        WriteLaunches("sums", "product");
        var (status, output) = Run("12.4", "check");
        Assert.Equal(1, status);
        Assert.Contains("\n- | `sums` | 2 |", output);
        Assert.Contains("\n+ | `sums` | 1 |", output);
        Assert.EndsWith($"account.sh: {_folder.File("page.md")} is stale; build/account.sh makes it again\n", output);
    }

    [Fact]
    public void What_is_measured_is_not_compared()
    {
        Run("12.4", "write");
        File.WriteAllText(_folder.File("measured.txt"), "sums  99.9  2  6.1  80.0%\n");
        Assert.Equal(0, Run("12.4", "check").Status);
    }

    [Fact]
    public void Another_compiler_shows_the_difference_and_passes()
    {
        Run("12.4", "write");
        var (status, output) = Run("13.0", "check");
        Assert.Equal(0, status);
        Assert.Contains("- Compiled by nvcc 12.4 for sm_90a.\n+ Compiled by nvcc 13.0 for sm_90a.\n", output);
        Assert.EndsWith("is of nvcc 12.4, and this is 13.0: the differences above do not count\n", output);
    }

    [Fact]
    public void A_kernel_that_was_not_compiled_is_named()
    {
        WriteLaunches("gone");
        Assert.Equal((1, "account.sh: a step launches gone, which is not among the compiled kernels\n"), Run("12.4", "write"));
    }

    [Fact]
    public void A_page_without_its_marks_is_left_alone()
    {
        File.WriteAllText(_folder.File("page.md"), "# Kernels\n");
        Assert.Equal((1, "account.sh: the page has no lines <!-- account: begin --> and <!-- account: end -->\n"), Run("12.4", "write"));
        Assert.Equal("# Kernels\n", File.ReadAllText(_folder.File("page.md")));
    }

    private void WriteLaunches(params string[] kernels) => File.WriteAllText(_folder.File("launches.json"),
        """{"model": "m", "dataset": "d", "batch": 2, "device": "e", "launches": [""" + string.Join(',', kernels.Select((kernel, i) =>
            $$"""
            {"index": {{i}}, "kernel": "{{kernel}}", "layer": "l", "grid": [66, 2, 1], "block": 128, "bytes": 4300000,
             "bits": 0, "sign": {{(kernel == "product" ? 1000000 : 0)}}, "real": 0}
            """)) + "]}");

    private (int Status, string Output) Run(string compiler, string mode)
    {
        var output = new StringWriter { NewLine = "\n" };
        int status = AccountCommand.Run([compiler, _folder.File("code"), _folder.File("logs"), _folder.File("measured.txt"),
            _folder.File("page.md"), mode, _folder.File("launches.json")], output, output);
        return (status, output.ToString());
    }
}
