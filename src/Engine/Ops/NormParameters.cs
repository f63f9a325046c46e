using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// What a batch norm owns: running mean and variance, from 0 and 1, and where it is affine gamma and beta,
/// trained, from 1 and 0. All [channels].
/// </summary>
internal sealed class NormParameters
{
    private readonly Variable? _gamma, _beta;
    private readonly Tensor? _dgamma, _dbeta;

    public NormParameters(Tape tape, string name, PublishedLayout channels, in BatchNormSettings settings)
    {
        Settings = settings;
        RunningMean = tape.Parameters.Statistic(name + ".running_mean", channels, 0).Value;
        RunningVariance = tape.Parameters.Statistic(name + ".running_var", channels, 1).Value;
        if (settings.Affine)
        {
            _gamma = Trained(tape, name + ".weight", channels, 1);
            _beta = Trained(tape, name + ".bias", channels, 0);
        }
        else if (tape.Training)
        {
            // The kernels sum them on the way to the input's gradient; nobody trains on them.
            _dgamma = tape.NewTensor(name + ".dgamma", channels.Engine);
            _dbeta = tape.NewTensor(name + ".dbeta", channels.Engine);
        }
    }

    public BatchNormSettings Settings { get; }
    public Tensor RunningMean { get; }
    public Tensor RunningVariance { get; }
    public Tensor? Gamma => _gamma?.Value;
    public Tensor? Beta => _beta?.Value;

    /// <summary>The gradient of gamma, or working memory where there is none; once the tape is sealed, in training.</summary>
    public Tensor DGamma => (_gamma?.Gradient ?? _dgamma)!;

    /// <summary>The gradient of beta, or working memory where there is none; once the tape is sealed, in training.</summary>
    public Tensor DBeta => (_beta?.Gradient ?? _dbeta)!;

    /// <summary>Claims the gradients of gamma and beta for this norm alone.</summary>
    public void Connect(Sealing seal)
    {
        if (_gamma == null || _beta == null)
            return;
        seal.WriteOnly(_gamma);
        seal.WriteOnly(_beta);
    }

    private static Variable Trained(Tape tape, string name, PublishedLayout channels, double initial) =>
        tape.Parameters.Parameter(name, channels, Initialisation.Constant(initial)).Variable;
}
