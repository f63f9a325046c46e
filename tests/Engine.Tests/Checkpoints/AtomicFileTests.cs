using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Engine.Tests.Checkpoints;

public sealed class AtomicFileTests
{
    [Fact]
    public void Creates_and_replaces()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("state");
        AtomicFile.Write(path, stream => stream.Write("first, and longer"u8));
        AtomicFile.Write(path, stream => stream.Write("second"u8));
        Assert.Equal("second", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Keeps_the_old_file_when_the_writer_throws()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("state");
        File.WriteAllText(path, "old");
        var error = Assert.Throws<InvalidDataException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new InvalidDataException("half way");
        }));
        Assert.Equal("half way", error.Message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Leaves_nothing_when_the_writer_throws_and_there_was_no_file()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<InvalidDataException>(() => AtomicFile.Write(folder.File("state"), _ => throw new InvalidDataException()));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void The_old_file_is_whole_until_the_new_one_is()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("state");
        File.WriteAllText(path, "old");
        AtomicFile.Write(path, stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(path));
        });
        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void Removes_the_temporary_when_the_name_is_a_folder()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("state");
        Directory.CreateDirectory(path);
        Assert.ThrowsAny<SystemException>(() => AtomicFile.Write(path, stream => stream.Write("new"u8)));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Says_so_when_the_folder_is_missing()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Write(folder.File("none/state"), _ => { }));
    }
}
