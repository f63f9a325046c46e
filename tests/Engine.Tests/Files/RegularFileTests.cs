using System.Diagnostics;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Files;

namespace ReSTE.Native.Engine.Tests.Files;

public sealed class RegularFileTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("reste-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_is_read_also_through_links()
    {
        string path = Write("file", [1, 2, 3]);
        File.CreateSymbolicLink(At("link"), "file");
        File.CreateSymbolicLink(At("link to a link"), At("link"));
        foreach (string name in (string[])[path, At("link"), At("link to a link")])
        {
            using var file = RegularFile.OpenRead(name);
            Assert.Equal(3, file.Length);
        }
    }

    [Fact]
    public void What_has_no_size_is_refused()
    {
        string pipe = Pipe(), link = At("link");
        File.CreateSymbolicLink(link, pipe);
        foreach (string path in (string[])[Write("empty", []), pipe, link, "/dev/null", "/dev/zero"])
            Assert.Equal(RegularFile.Sizeless, AtOnce(() => Assert.Throws<IOException>(() => RegularFile.OpenRead(path))).Message);
    }

    [Fact]
    public void A_folder_and_a_link_to_nowhere_are_refused()
    {
        File.CreateSymbolicLink(At("nowhere"), "none");
        Assert.Equal("it is a folder", Assert.Throws<IOException>(() => RegularFile.OpenRead(_folder)).Message);
        Assert.Throws<FileNotFoundException>(() => RegularFile.OpenRead(At("nowhere")));
        Assert.Throws<FileNotFoundException>(() => RegularFile.OpenRead(At("none")));
    }

    [Fact]
    public void A_pipe_in_place_of_a_checkpoint_is_refused_at_once()
    {
        string pipe = Pipe();
        var refusal = AtOnce(() => Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(pipe)));
        Assert.Contains("no regular file", refusal.Message, StringComparison.Ordinal);
    }

    private static T AtOnce<T>(Func<T> open)
    {
        var opening = Task.Run(open);
        Assert.True(opening.Wait(s_patience), "it waits for the pipe");
        return opening.Result;
    }

    private string At(string name) => Path.Combine(_folder, name);

    private string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(At(name), bytes);
        return At(name);
    }

    private string Pipe()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "named pipes have no path there");
        using var make = Process.Start("mkfifo", [At("pipe")]);
        make.WaitForExit();
        return At("pipe");
    }
}
