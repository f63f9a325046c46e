using ReSTE.Native.Account;

namespace ReSTE.Native.Package.Tests.Account;

/// <summary>
/// The short disassembly of sample.sass: `product` multiplies in an inner loop, with two arms and a slow path after its end; `sums` has a
/// loop with a small one inside, then one that the last block runs; `slopes` has no loop but two arms.
/// </summary>
internal static class AccountSample
{
    public static string Path => System.IO.Path.Combine(AppContext.BaseDirectory, "Account", "sample.sass");

    public static Disassembly Kernel(string name) => Disassembly.Read(File.ReadLines(Path)).Single(kernel => kernel.Kernel == name);

    public static InstructionMix Mix(params string[] opcodes) =>
        new([.. opcodes.Select((opcode, i) => new Instruction(16 * i, opcode, false, "R1, R2, R3"))]);
}
