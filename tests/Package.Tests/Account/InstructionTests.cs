using ReSTE.Native.Account;

namespace ReSTE.Native.Package.Tests.Account;

/// <summary>Instructions by kind, and the clocks that they need.</summary>
public sealed class InstructionTests
{
    [Theory]
    [InlineData("BMMA.168256.AND.POPC", "Matrix")]
    [InlineData("HGMMA.64x64x16.F32.BF16", "Matrix")]
    [InlineData("FFMA", "Float")]
    [InlineData("HFMA2.MMA", "Float")]
    [InlineData("DADD", "Double")]
    [InlineData("IMAD.WIDE.U32", "Multiply")]
    [InlineData("LOP3.LUT", "Integer")]
    [InlineData("LEA.HI.X", "Integer")]
    [InlineData("FSETP.GTU.AND", "Integer")]
    [InlineData("POPC", "Popcount")]
    [InlineData("I2FP.F32.S32", "Convert")]
    [InlineData("MUFU.RCP64H", "Convert")]
    [InlineData("LDG.E.128.CONSTANT", "LoadGlobal")]
    [InlineData("RED.E.ADD.STRONG.GPU", "StoreGlobal")]
    [InlineData("LDS.U16", "LoadShared")]
    [InlineData("STS.128", "StoreShared")]
    [InlineData("SHFL.BFLY", "Shuffle")]
    [InlineData("BAR.SYNC.DEFER_BLOCKING", "Barrier")]
    [InlineData("ULDC.64", "Other")]
    [InlineData("BRA", "Other")]
    public void An_opcode_has_its_kind(string opcode, string kind) => Assert.Equal(kind, Of(opcode).Kind.ToString());

    [Theory]
    [InlineData("LDG.E", 4)]
    [InlineData("LDG.E.64.CONSTANT", 8)]
    [InlineData("STG.E.128", 16)]
    [InlineData("LDG.E.U16.CONSTANT", 2)]
    [InlineData("STS.U8", 1)]
    [InlineData("LDSM.16.M88.4", 16)]
    [InlineData("FFMA", 0)]
    public void An_access_has_its_width(string opcode, int bytes) => Assert.Equal(bytes, Of(opcode).LaneBytes);

    [Theory]
    [InlineData("HMMA.16816.F32.BF16", 2048, 1 / 0.629)]
    [InlineData("HMMA.1688.F32.TF32", 1024, 1 / 0.629)]
    [InlineData("IMMA.16832.S8.S8", 4096, 1 / 0.629)]
    [InlineData("BMMA.168256.AND.POPC", 32768, 1 / 0.54)]
    [InlineData("HGMMA.64x64x16.F32.BF16", 16384, 8 / 0.95)]
    public void A_matrix_instruction_has_its_products_and_its_clocks(string opcode, long products, double clocks)
    {
        MatrixForm form = MatrixForm.Of(opcode);
        Assert.Equal(products, form.MultiplyAdds);
        Assert.Equal(clocks, 1 / form.RatePerClock, 1e-9);
    }

    [Theory]
    [InlineData("BMMA.168256.AND.POPC", "Bits", 1)]
    [InlineData("BMMA.168256.XOR.POPC", "Bits", 1)]
    [InlineData("HMMA.16816.F32.BF16", "Sign", 2)]
    [InlineData("HMMA.16816.F32.BF16", "Real", 3)]
    [InlineData("IMMA.16832.S8.S8", "Sign", 3)]
    public void A_recorded_product_takes_several_on_these_units(string opcode, string work, double products) =>
        Assert.Equal(products, MatrixForm.Of(opcode).Products(Enum.Parse<WorkKind>(work)));

    [Theory]
    [InlineData("issue", 1.25, "NOP", "NOP", "NOP", "NOP", "ULDC")]
    [InlineData("int", 1.5, "LOP3.LUT", "IADD3", "SHF.L.U32")]
    [InlineData("convert", 4, "POPC", "I2F.S16", "FFMA", "FFMA")]
    [InlineData("imad", 1, "IMAD", "IMAD.WIDE.U32", "FFMA")]
    [InlineData("shared", 8, "LDS.128", "STS.128", "LOP3.LUT")]
    [InlineData("memory", 2, "LDG.E", "SHFL.BFLY", "FFMA")]
    [InlineData("fp64", 1, "DADD", "DFMA", "FFMA")]
    [InlineData("matrix", 1 / 0.54, "BMMA.168256.AND.POPC", "LOP3.LUT")]
    public void The_slowest_part_decides_the_clocks(string limit, double clocks, params string[] opcodes)
    {
        double[] found = AccountSample.Mix(opcodes).Clocks();
        Assert.Equal(limit, InstructionMix.Limits[Array.IndexOf(found, found.Max())]);
        Assert.Equal(clocks, found.Max(), 1e-9);
    }

    private static Instruction Of(string opcode) => new(0, opcode, false, "");
}
