namespace ReSTE.Native.Host;

/// <summary>Enum values as lower-case words.</summary>
internal static class Words
{
    public static T Read<T>(string text) where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (Of(value) == text)
                return value;
        }
        string[] known = [.. Enum.GetValues<T>().Select(Of)];
        throw new FormatException($"'{text}' is not one of {string.Join(", ", known)}");
    }

    public static string Of<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
