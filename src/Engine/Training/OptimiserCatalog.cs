using ReSTE.Native.Optimisers;

namespace ReSTE.Native.Training;

/// <summary>The optimisers by the names that recipes carry; case does not matter.</summary>
public static class OptimiserCatalog
{
    private static readonly Entry[] Entries =
    [
        new("SGD", r => new Sgd(r.Momentum, r.WeightDecay)) { UsesMomentum = true },
        new("Adam", r => new Adam(r.WeightDecay, decoupled: false)),
        new("AdamW", r => new Adam(r.WeightDecay, decoupled: true)),
    ];

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Entries.Select(e => e.Name)];

    /// <summary>
    /// The recipe with the catalogue's spelling of its optimiser. Throws <see cref="RecipeException"/> for an unknown name.
    /// </summary>
    public static Recipe Complete(Recipe recipe) => recipe with { Optimiser = Find(recipe).Name };

    /// <summary>
    /// Whether the recipe's optimiser depends on <see cref="Recipe.Momentum"/>; one that an estimator brings may, see
    /// <see cref="UnusedSettings"/>. Throws as <see cref="Complete"/>.
    /// </summary>
    public static bool UsesMomentum(Recipe recipe) => Find(recipe).UsesMomentum;

    /// <summary>The optimiser a recipe asks for. Throws as <see cref="Complete"/>.</summary>
    internal static Optimiser Create(Recipe recipe) => Find(recipe).Create(recipe);

    private static Entry Find(Recipe recipe) =>
        Entries.FirstOrDefault(e => e.Name.Equals(recipe.Optimiser, StringComparison.OrdinalIgnoreCase))
        ?? throw UnknownName.Of(nameof(Recipe.Optimiser), recipe.Optimiser, "there is no such optimiser", Names);

    private sealed record Entry(string Name, Func<Recipe, Optimiser> Create)
    {
        public bool UsesMomentum { get; init; }
    }
}
