using System.Globalization;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Devices;
using ReSTE.Native.Estimators;
using ReSTE.Native.Operations;
using ReSTE.Native.Optimisers;
using ReSTE.Native.Tapes;

namespace ReSTE.Native.Engine.Tests.Reference;

/// <summary>One recorded step of one of AdaSTE's networks: its settings, and a run of ours filled with the same numbers.</summary>
internal sealed class AdaSteCase
{
    public const string Faithful = "faithful", Corrected = "corrected", WithDeadZone = "corrected_dead_zone";

    private readonly string _prefix, _tag;

    public AdaSteCase(string name)
    {
        File = ReferenceFiles.Open(name);
        _prefix = File.Metadata["prefix"];
        _tag = File.Metadata["model"];
        Mu = Number("mu");
        Regions = File.Metadata["regions"].Split(',');
    }

    public static IReadOnlyList<string> Forms { get; } = [Faithful, Corrected, WithDeadZone];

    public SafetensorsFile File { get; }

    public double Mu { get; }

    /// <summary>Rows of the factor's table, in the order of the counts.</summary>
    public string[] Regions { get; }

    public double Number(string key) => double.Parse(File.Metadata[key], CultureInfo.InvariantCulture);

    /// <summary>The network with the recorded latent weights, images and labels.</summary>
    public NetworkRun Build(Device device)
    {
        string[] names = _tag.Split('/');
        int batch = (int)Number("batch");
        var estimator = new AdaSte(Settings(Faithful));
        var run = new NetworkRun(device, names[1], estimator, realActivations: true, batch, dataset: names[0]);
        WriteLatent(run);
        run.WriteImages(PublishedStreams.Input($"{_prefix}/{_tag}/input0", (int)run.Images.Shape.Count));
        run.WriteLabels(PublishedStreams.Labels($"{_prefix}/{_tag}/labels0", batch, run.Logits.Shape.Last));
        estimator.SetMu(run.Parameters.Knobs, Mu);
        run.Parameters.Knobs.Upload();
        return run;
    }

    /// <summary>Writes the recorded latent weights.</summary>
    public void WriteLatent(NetworkRun run)
    {
        foreach (Parameter p in run.Parameters.Parameters)
        {
            float[] values = PublishedStreams.Symmetric($"{_prefix}/{_tag}/theta/{p.Name}", (int)p.Shape.Count);
            p.Write(Array.ConvertAll(values, v => (double)(2 * (v + MathF.ScaleB(1, -24)))));
        }
    }

    /// <summary>
    /// Runs the update alone, of the recorded latent weights with the gradients at hand, in a form: as the first step, or after some others
    /// that left a recorded momentum. Without <paramref name="mixes"/> the momentum is the scaled gradient by itself.
    /// </summary>
    public void Update(NetworkRun run, string form, bool resumed = false, bool mixes = true)
    {
        WriteLatent(run);
        run.Parameters.States.Clear();
        if (resumed)
        {
            foreach (Parameter p in run.Parameters.Parameters)
            {
                float[] values = PublishedStreams.Symmetric($"{_prefix}/{_tag}/momentum/{p.Name}", (int)p.Shape.Count);
                double scale = Number(form + "_momentum0_scale");
                Momentum(p).Write(Array.ConvertAll(values, v => scale * v));
            }

            run.Parameters.States.OfRun.Single().Write([Number("resumed_steps")]);
        }

        AdaSteSettings settings = Settings(form);
        var estimator = new AdaSte(mixes ? settings : settings with { Momentum = 0, Decay = 0, N = 1 });
        estimator.OwnOptimiser(new Sgd(0, 0))!.SetEpoch(run.Parameters.Knobs, new EpochRates(mixes ? Number(form + "_lr") : 0));
        estimator.SetMu(run.Parameters.Knobs, Mu);
        run.Parameters.Knobs.Upload();
        run.Tape.Update();
    }

    /// <summary>The momentum of a parameter.</summary>
    public static StateTensor Momentum(Parameter p) => p.States.Values.Single();

    /// <summary>Map and factor in a form.</summary>
    public AdaSteNumbers Numbers(string form) => new AdaSte(Settings(form)).NumbersAt(Mu);

    /// <summary>Values at the recorded indices, after the norm of the whole.</summary>
    public double[] Select(string parameter, double[] whole) =>
        [ModelCase.Norm(whole), .. File.ReadInt64("index/" + parameter).Select(i => whole[i])];

    /// <summary>What was recorded of a quantity of a parameter in double precision: norm, values.</summary>
    public double[] Recorded(string quantity, string parameter) =>
        [.. File.ReadFloat64($"f64.{quantity}_norm/{parameter}"), .. File.ReadFloat64($"f64.{quantity}_value/{parameter}")];

    /// <summary>Whether more than theta, forward and gradient was recorded: all but a bias straight before a norm.</summary>
    public bool HasDirection(string parameter) => File.Tensors.Any(t => t.Name == "f64.count.faithful/" + parameter);

    /// <summary>The row of the table that a pair falls into, by the definition of the rows and not by the engine's order of them.</summary>
    public string Region(double theta, double g, string form)
    {
        double dead = (float)Number($"{(form == WithDeadZone ? Faithful : form)}_grad_dead_zone"), alpha = Number("alpha");
        bool isSign = Mu * alpha >= 1;
        double edge = (float)(1 - Mu * alpha), size = Math.Abs(theta);
        if (Math.Abs(g) <= dead || size <= (isSign ? 1e-3 : 1e-6))
            return "default";
        string direction = Math.Sign(theta) == Math.Sign(g) ? "inwards" : "outwards";
        if (isSign)
            return direction;
        if (size > edge)
            return "saturated_" + direction;
        return direction == "outwards" ? "middle_outwards" : theta > 0 ? "middle_inwards_positive" : "middle_inwards_negative";
    }

    private AdaSteSettings Settings(string form)
    {
        string key = form == WithDeadZone ? Corrected : form;
        AdaSteSettings settings = form == Faithful ? AdaSteSettings.Faithful(Number(key + "_train_set_size")) : AdaSteSettings.Corrected;
        return settings with
        {
            DeadZone = Number($"{(form == WithDeadZone ? Faithful : form)}_grad_dead_zone"),
            Momentum = Number(key + "_momentum"),
            N = Number(key + "_train_set_size"),
            Decay = Number("weight_decay_on_latent"),
            Cap = Number("cap"),
            Alpha = Number("alpha"),
        };
    }
}
