namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>What may not be read is called that, not missing.</summary>
public sealed class UnreadableTests : IDisposable
{
    private const UnixFileMode All = (UnixFileMode)0b111_101_101;

    private readonly TemporaryFolder _folder = new();

    public UnreadableTests()
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder.Path, All);
    }

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows())
        {
            foreach (var folder in Directory.GetDirectories(_folder.Path))
                File.SetUnixFileMode(folder, All);
        }
        _folder.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("cifar-10-batches-py")]
    [InlineData("cifar-10-python.tar.gz")]
    public void An_unreadable_data_folder_is_not_called_missing(string name)
    {
        var path = Path.Combine(Closed("data"), name);
        Train(path).AssertRefused(ExitCode.Data, _folder["data"], "cannot be read, permission denied");
    }

    [Fact]
    public void An_unreadable_folder_inside_the_data_folder_is_named()
    {
        Directory.CreateDirectory(_folder["data"]);
        var inner = Closed("data/cifar-10-batches-py");
        Train(_folder["data"]).AssertRefused(ExitCode.Data, Path.Combine(inner, "data_batch_1"), "cannot be read, permission denied");
        Open(inner);
    }

    [Fact]
    public void An_unreadable_archive_is_named()
    {
        File.WriteAllText(_folder["cifar-10-python.tar.gz"], "x");
        Close(_folder["cifar-10-python.tar.gz"]);
        Train(_folder.Path).AssertRefused(ExitCode.Data, _folder["cifar-10-python.tar.gz"], "cannot be read, permission denied");
    }

    [Fact]
    public void Evaluating_an_unreadable_folder_exits_with_five() =>
        OtherUser.Run("evaluate", Closed("run"), "--device", "cpu", "--dataset", "shapes")
            .AssertRefused(ExitCode.Checkpoint, _folder["run"], "cannot read the checkpoint");

    [Fact]
    public void Evaluating_an_unreadable_checkpoint_of_a_folder_exits_with_five()
    {
        File.WriteAllText(_folder["model_best.safetensors"], "x");
        Close(_folder["model_best.safetensors"]);
        OtherUser.Run("evaluate", _folder.Path, "--device", "cpu", "--dataset", "shapes")
            .AssertRefused(ExitCode.Checkpoint, _folder["model_best.safetensors"], "cannot read the checkpoint");
    }

    [Fact]
    public void Evaluating_a_folder_that_may_not_be_listed_exits_with_five()
    {
        Directory.CreateDirectory(_folder["run"]);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder["run"], UnixFileMode.OtherExecute | UnixFileMode.UserExecute);
        OtherUser.Run("evaluate", _folder["run"], "--device", "cpu", "--dataset", "shapes")
            .AssertRefused(ExitCode.Checkpoint, "holds no model_best.safetensors", "permission denied");
    }

    private Reste.Finished Train(string data) => OtherUser.Run(
        "--dataset", "cifar10", "--data_path", data, "--device", "cpu", "--epochs", "1", "-b", "4", "--results_dir", _folder["results"]);

    private string Closed(string name)
    {
        Directory.CreateDirectory(_folder[name]);
        Close(_folder[name]);
        return _folder[name];
    }

    private static void Close(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.None);
    }

    private static void Open(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, All);
    }
}
