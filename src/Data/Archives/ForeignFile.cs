namespace ReSTE.Native.Data.Archives;

/// <summary>Files that could hold a data set but are not read, known by how they start.</summary>
internal static class ForeignFile
{
    private const string Unpack = "unpack it and give the folder that comes out";

    /// <summary>What it is and what to do with it; null for anything else.</summary>
    public static (string What, string Advice)? Of(ReadOnlySpan<byte> start) =>
        start.StartsWith("PK\x03\x04"u8) || start.StartsWith("PK\x05\x06"u8) ? ("a zip archive", Unpack) :
        start.StartsWith((ReadOnlySpan<byte>)[0xfd, .. "7zXZ\0"u8]) ? ("an xz file", Unpack) :
        start.StartsWith("BZh"u8) ? ("a bzip2 file", Unpack) :
        start.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]) ? ("a zstd file", Unpack) :
        start.StartsWith((ReadOnlySpan<byte>)[.. "7z"u8, 0xbc, 0xaf, 0x27, 0x1c]) ? ("a 7-zip archive", Unpack) :
        start.StartsWith("Rar!"u8) ? ("a rar archive", Unpack) :
        start.StartsWith("MATLAB "u8) ? ("a MATLAB file", "get the Python or the binary version") :
        start.StartsWith("PAR1"u8) ? ("a Parquet file", "get the Python or the binary version") : null;
}
