namespace ReSTE.Native.Engine.Tests.Reference;

public sealed class ReferenceFilesTests
{
    [Fact]
    public void An_empty_folder_fails_and_is_named()
    {
        string folder = Directory.CreateTempSubdirectory("reste-empty").FullName;
        try
        {
            var error = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => ReferenceFiles.Names(folder, "model.*.safetensors"));
            Assert.Contains(folder, error.Message, StringComparison.Ordinal);
            Assert.Contains("model.*.safetensors", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    [Fact]
    public void A_missing_folder_fails_and_is_named()
    {
        string folder = Path.Combine(Path.GetTempPath(), "reste-no-such-folder");
        var error = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => ReferenceFiles.Names(folder, "*.csv"));
        Assert.Contains(folder, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Category", "Reference")]
    [MemberData(nameof(ReferenceFiles.Matching), "*.safetensors", MemberType = typeof(ReferenceFiles))]
    public void Every_recorded_file_opens_and_reads(string name)
    {
        var file = ReferenceFiles.Open(name);
        Assert.NotEmpty(file.Tensors);
        foreach (var tensor in file.Tensors)
            Assert.Equal(tensor.Count, file.ReadFloat64(tensor.Name).Length);
    }
}
