namespace ReSTE.Native.Data.Tests.Mutations;

/// <summary>A kind of file to be damaged and read.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Mutate">Makes a damaged file.</param>
/// <param name="Read">Reads one, the same way each time; what it returns checks the result, whose message names the mutation.</param>
/// <param name="ContentBytes">The file's size, inflated where it is compressed.</param>
internal sealed record MutationSubject(
    string Name, Func<Random, byte[]> Mutate, Func<byte[], Action<string>> Read, Func<byte[], long> ContentBytes)
{
    /// <summary>What messages must start with.</summary>
    public const string Path = "mutated_file";

    public int Good { get; set; }

    public int Refused { get; set; }
}
