namespace ReSTE.Native.Engine.Tests;

/// <summary>What takes minutes: <c>dotnet test</c> leaves it out, build/long-tests.sh runs it, and CI does.</summary>
internal static class Long
{
    /// <summary>The category.</summary>
    public const string Category = "Long";

    /// <summary>Marks a row of a theory where it takes that long.</summary>
    public static TRow When<TRow>(bool isLong, TRow row) where TRow : TheoryDataRowBase
    {
        if (isLong)
        {
            row.Explicit = true;
            row.Traits.Add("Category", [Category]);
        }
        return row;
    }
}
