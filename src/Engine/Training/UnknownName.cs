using ReSTE.Native.Messages;

namespace ReSTE.Native.Training;

/// <summary>The error of a name that a catalogue does not hold.</summary>
internal static class UnknownName
{
    /// <param name="setting">The property of <see cref="Recipe"/>.</param>
    /// <param name="name">The name.</param>
    /// <param name="what">What is missing.</param>
    /// <param name="known">The names there are.</param>
    public static RecipeException Of(string setting, string name, string what, IReadOnlyList<string> known) =>
        new(RecipeFault.UnknownName, setting, OneLine.Of(name), $"{what}; {NearestName.Hint(name, known)}")
        {
            Suggestions = NearestName.Find(name, known) is { } nearest ? [nearest] : known,
        };
}
