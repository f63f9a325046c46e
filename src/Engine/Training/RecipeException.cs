namespace ReSTE.Native.Training;

/// <summary>Why a recipe cannot be followed.</summary>
public enum RecipeFault
{
    /// <summary>There is nothing of that name: no such network, estimator, data set or argument.</summary>
    UnknownName,

    /// <summary>The value is out of range.</summary>
    OutOfRange,

    /// <summary>The value cannot go together with another setting.</summary>
    Conflict,

    /// <summary>The value, or the data set itself, does not fit the data given.</summary>
    DoesNotFitData,
}

/// <summary>
/// A recipe asks for something that does not exist or cannot work. The message is one line that names the setting as a property of
/// <see cref="Recipe"/>; a program that calls it otherwise makes its own of the properties.
/// </summary>
/// <param name="reason">Why it cannot be followed.</param>
/// <param name="setting">The property of <see cref="Recipe"/>.</param>
/// <param name="value">Its value, as text of no culture.</param>
/// <param name="expected">What it should be and what would do, as a clause that names no setting.</param>
public sealed class RecipeException(RecipeFault reason, string setting, string value, string expected)
    : Exception($"{nameof(Recipe)}.{setting} is {(reason == RecipeFault.UnknownName ? $"'{value}'" : value)}: {expected}")
{
    /// <summary>Why it cannot be followed.</summary>
    public RecipeFault Reason { get; } = reason;

    /// <summary>The property of <see cref="Recipe"/> that is to be changed.</summary>
    public string Setting { get; } = setting;

    /// <summary>
    /// Its value, as text of no culture; of <see cref="Recipe.EstimatorArguments"/> the one pair that is meant, as name=value.
    /// </summary>
    public string Value { get; } = value;

    /// <summary>What it should be and what would do, as a clause that names no setting.</summary>
    public string Expected { get; } = expected;

    /// <summary>Values that would do, the likeliest first; empty where there is none to name.</summary>
    public IReadOnlyList<string> Suggestions { get; init; } = [];
}
