namespace ReSTE.Native.Package.Tests.House;

/// <summary>One operation, one name, in every room.</summary>
public sealed class OperationTableTests
{
    // Whatever else lies beside the operations says by its name that it is none.
    private static readonly string[] s_required = ["contract", "reference", "CPU", "CUDA", "kernel", "test"];

    public static TheoryData<string> Operations => [.. OperationTable.Names()];

    [Theory]
    [MemberData(nameof(Operations))]
    public void An_operation_stands_under_its_name_on_every_device(string name) =>
        Assert.Empty(s_required.Except(OperationTable.RoomsOf(name)));

    // Reference and Cuda hold nothing but operations in their first row, and what their own names begin with.
    [Theory]
    [InlineData("Reference", "Reference", "Correlations")]
    [InlineData("Cpu", "Cpu", "BinaryUnit BinaryUnitEvaluation ConvEvaluation")]
    [InlineData("Cuda", "Cuda", "BinaryUnit SignLayers StepEndLinks")]
    public void A_device_holds_no_file_that_is_neither_an_operation_nor_its_own(string device, string prefix, string shared)
    {
        string[] names = [.. Directory.GetFiles(Repository.At("src", "Engine", "Devices", device), "*.cs")
            .Select(Path.GetFileNameWithoutExtension)!];
        string[] others = [.. names.Except(OperationTable.Names())
            .Where(name => !name.StartsWith(prefix, StringComparison.Ordinal) && !shared.Split(' ').Contains(name))];
        Assert.Equal([], others);
    }

    [Fact]
    public void The_document_has_the_table_of_the_tree()
    {
        string document = File.ReadAllText(Repository.At("docs", "operations.md")), table = OperationTable.Text();
        Assert.True(document.Contains(table, StringComparison.Ordinal), "docs/operations.md should hold:\n" + table);
    }
}
