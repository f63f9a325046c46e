using System.Security.Cryptography;

namespace ReSTE.Native.Data.Cifar;

/// <summary>
/// What a file's bytes are told apart by: their MD5 sum, for that is what the official files are published with. It is no guard against
/// an attack.
/// </summary>
internal static class FileSum
{
    /// <summary>The sum in lower-case hexadecimal digits; another, longer one where the system allows no MD5.</summary>
    public static string Of(byte[] bytes)
    {
        try
        {
            return Convert.ToHexStringLower(MD5.HashData(bytes));
        }
        catch (CryptographicException)
        {
            return Convert.ToHexStringLower(SHA256.HashData(bytes));
        }
    }

    /// <summary>Whether a sum can be compared with a published one.</summary>
    public static bool IsMd5(string sum) => sum.Length == 2 * MD5.HashSizeInBytes;
}
