namespace ReSTE.Native.Host.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("reste-host-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Text(string name) => File.ReadAllText(this[name]);

    public string[] Lines(string name) => File.ReadAllLines(this[name]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
