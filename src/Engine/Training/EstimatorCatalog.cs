using System.Globalization;
using ReSTE.Native.Datasets;
using ReSTE.Native.Estimators;
using ReSTE.Native.Messages;
using static ReSTE.Native.Training.ArgumentRule;

namespace ReSTE.Native.Training;

/// <summary>The estimators by the names that recipes carry; case does not matter.</summary>
public static class EstimatorCatalog
{
    private static readonly Entry[] Entries =
    [
        new("ReSTE", [Positive("t", 1.5), Positive("interval", 0.1)], (r, a) => new Reste(r.OEnd, a.Number("t"), a.Number("interval")))
        {
            UsesEndExponent = true,
        },
        new("STE", [], (_, _) => new ClippedSte()),
        new("IdentitySTE", [Positive("clip", null)], (_, a) => new IdentitySte(a.Optional("clip"))),
        new("ApproxSign", [OneOf("weights", "clipped", "approx")], (_, a) => new ApproxSign(a.Word("weights") == "approx")),
        new("SignSwish", [Positive("beta", 5)], (_, a) => new SignSwish(a.Number("beta"))),
        new("EDE", [Positive("t_min", 1e-3), Positive("t_max", 10)], (_, a) => new Ede(a.Number("t_min"), a.Number("t_max"))),
        new("DSQ", [Fraction("alpha", 0.2)], (_, a) => new Dsq(a.Number("alpha"))),
        new("RBNN", [Positive("t_min", 1e-2), Positive("t_max", 10)], (_, a) => new Rbnn(a.Number("t_min"), a.Number("t_max"))),
        new("FDA", [UpTo("omega", 0.1, Fda.MostOmega), Whole("n_start", 9, 0, Fda.MostTerms), Whole("n_end", 18, 0, Fda.MostTerms)],
            (_, a) => new Fda(a.Number("omega"), (int)a.Number("n_start"), (int)a.Number("n_end"))),
        new("ExSTE", [Positive("t", 1.5)], (_, a) => new ExSte(a.Number("t"))),
        new("Bernoulli", [], (_, _) => new Bernoulli()),
        new("IRNet", [Positive("t_min", 1e-3), Positive("t_max", 10)], (_, a) => new IrNet(a.Number("t_min"), a.Number("t_max"))),
        new("XNOR", [], (_, _) => new Xnor()),
        new("BiPer",
            [
                Positive("frequency", 20), Fraction("share", 2.0 / 3), Positive("rate2", 0.0037 / 0.021), NotNegative("decay2", 0.1),
                NotNegative("tau1", 0.037) with { DefaultFor = OnFolders }, NotNegative("tau2", 0.0468) with { DefaultFor = OnFolders },
            ],
            (_, a) => new BiPer
            {
                Frequency = a.Number("frequency"),
                FirstShare = a.Number("share"),
                SecondRate = a.Number("rate2"),
                SecondDecay = a.Number("decay2"),
                FirstTau = a.Number("tau1"),
                SecondTau = a.Number("tau2"),
            }),
        new("OvSW",
            [Positive("delta", 0.04), NotNegative("decay", 9e-4), Fraction("momentum", 0.999), NotNegative("threshold", 1e-4)],
            (_, a) => new OvSw(a.Number("delta"), a.Number("decay"), a.Number("momentum"), a.Number("threshold"))),
        new("Bop", [UpTo("gamma", 1e-4, 1), Positive("threshold", 1e-8)], (_, a) => new Bop(a.Number("gamma"), a.Number("threshold"))),
        new("AdaSTE", AdaSteArguments.Rules, AdaSteArguments.Create),
    ];

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Entries.Select(e => e.Name)];

    /// <summary>
    /// The estimator a recipe asks for. Throws <see cref="RecipeException"/> for an unknown name or argument, or a value out of range.
    /// </summary>
    public static Estimator Create(Recipe recipe)
    {
        Entry entry = Find(recipe);
        if (!(recipe.OEnd >= 1) || !double.IsFinite(recipe.OEnd))
        {
            throw new RecipeException(RecipeFault.OutOfRange, nameof(Recipe.OEnd), recipe.OEnd.ToString(CultureInfo.InvariantCulture),
                "it must be at least 1");
        }

        Estimator estimator = entry.Create(recipe, new ArgumentValues(Complete(recipe, entry)));
        TrainingRules.CheckActivations(recipe, estimator);
        return estimator;
    }

    /// <summary>
    /// The recipe with all arguments of its estimator, those it does not mention at their defaults, in the estimator's order. Throws as
    /// <see cref="Create"/>.
    /// </summary>
    public static Recipe Complete(Recipe recipe) => recipe with { EstimatorArguments = Complete(recipe, Find(recipe)) };

    /// <summary>The same, with those that depend on the images that are trained on. Throws as <see cref="Create"/>.</summary>
    public static Recipe Complete(Recipe recipe, Dataset train) =>
        recipe with { EstimatorArguments = Complete(recipe, Find(recipe), train) };

    /// <summary>
    /// Whether the recipe's estimator depends on <see cref="Recipe.OEnd"/>. Throws as <see cref="Create"/> for an unknown name.
    /// </summary>
    public static bool UsesEndExponent(Recipe recipe) => Find(recipe).UsesEndExponent;

    /// <summary>
    /// Names of the arguments that an estimator takes, in its order. Throws as <see cref="Create"/> for an unknown name.
    /// </summary>
    public static IReadOnlyList<string> Arguments(Recipe recipe) => [.. Find(recipe).Arguments.Select(rule => rule.Name)];

    /// <summary>Whether it has the estimator of a name.</summary>
    internal static bool Knows(string name) => Names.Contains(name, StringComparer.OrdinalIgnoreCase);

    // The published code has BiPer's loss term on CIFAR only.
    private static EstimatorArgument? OnFolders(Recipe recipe) =>
        recipe.Dataset.Contains("imagenet", StringComparison.OrdinalIgnoreCase) ? 0 : null;

    private static Entry Find(Recipe recipe) =>
        Entries.FirstOrDefault(e => e.Name.Equals(recipe.Estimator, StringComparison.OrdinalIgnoreCase))
        ?? throw UnknownName.Of(nameof(Recipe.Estimator), recipe.Estimator, "there is no such estimator", Names);

    private static OrderedDictionary<string, EstimatorArgument> Complete(Recipe recipe, Entry entry, Dataset? train = null)
    {
        string[] known = [.. entry.Arguments.Select(rule => rule.Name)];
        string? unknown = recipe.EstimatorArguments.Keys.FirstOrDefault(name => !known.Contains(name));
        if (unknown != null)
        {
            throw Argument(RecipeFault.UnknownName, recipe, unknown, $"estimator {entry.Name} has no argument '{OneLine.Of(unknown)}'; "
                + $"it takes {(known.Length == 0 ? "none" : string.Join(", ", known))}", known);
        }

        var values = new OrderedDictionary<string, EstimatorArgument>();
        foreach (ArgumentRule rule in entry.Arguments)
        {
            bool given = recipe.EstimatorArguments.TryGetValue(rule.Name, out EstimatorArgument value);
            if (given && !rule.Fits(value))
                throw Argument(RecipeFault.OutOfRange, recipe, rule.Name, $"it must be {rule.Expected}", []);
            if (given)
                values.Add(rule.Name, value);
            else if ((rule.DefaultFor(recipe) ?? rule.Default) is { } otherwise)
                values.Add(rule.Name, otherwise);
            else if (train != null && rule.DefaultOnData is { } onData)
                values.Add(rule.Name, onData(recipe, train));
        }

        return values;
    }

    private static RecipeException Argument(RecipeFault reason, Recipe recipe, string name, string expected, string[] suggestions) =>
        new(reason, nameof(Recipe.EstimatorArguments), OneLine.Of($"{name}={recipe.EstimatorArguments[name]}"), expected)
        {
            Suggestions = suggestions,
        };

    private sealed record Entry(string Name, ArgumentRule[] Arguments, Func<Recipe, ArgumentValues, Estimator> Create)
    {
        public bool UsesEndExponent { get; init; }
    }
}
