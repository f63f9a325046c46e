using System.Diagnostics;

namespace ReSTE.Native.Training;

/// <content>An epoch, from its order to its report.</content>
public sealed partial class Trainer
{
    /// <summary>
    /// Trains and evaluates the next epoch, or the rest of the one under way: on the validation images, or else the test images. Progress
    /// is told of every step on the calling thread, in order. A stop takes effect after a whole step, as
    /// <see cref="OperationCanceledException"/>; the run can then be saved, or go on with the next call. Throws
    /// <see cref="NonFiniteException"/> where training diverges, and <see cref="InvalidOperationException"/> once every epoch is done, and
    /// after <see cref="LoadWeights"/>.
    /// </summary>
    public EpochReport RunEpoch(IProgress<StepReport>? progress = null, CancellationToken stop = default)
    {
        ThrowIfUnfit();
        ThrowIfFinished();
        // Only a whole epoch, or a stop that was taken note of, leaves a run that is what its state says.
        _broken = true;
        int epoch = State.Epoch;
        long start = Stopwatch.GetTimestamp();
        double before = _state.Seconds;
        BeginEpoch(epoch);
        try
        {
            if (_state.Cursor < Network.Train.Count)
                Train(epoch, progress, stop);
            FiniteCheck.Loss(Evaluate(Network.Validation, progress, stop).Loss, Phase.Evaluating, epoch);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Capture(before + Stopwatch.GetElapsedTime(start).TotalSeconds);
            _broken = false;
            throw;
        }

        Capture(before + Stopwatch.GetElapsedTime(start).TotalSeconds);
        EpochReport report = FinishEpoch(epoch);
        _broken = false;
        return report;
    }

    private void BeginEpoch(int epoch)
    {
        if (_state.Cursor == 0 && _rates.BeginsStage(epoch))
        {
            // What was best and how the optimiser had moved belong to the stage before.
            Parameters.States.Clear();
            _state = _state with { BestTop1 = 0, BestEpoch = -1 };
        }

        SetEpoch(epoch);
        int[] order = Permutation.Of(Network.Train.Count, _recipe.Seed, epoch);
        Network.Train.Begin(order, _state.Cursor, epoch, _recipe.Seed, [_state.LossSum, _state.Top1Hits, _state.Top5Hits]);
    }

    // The indicators want the gradients of the last step, so they are taken here and kept: a run resumed during evaluation has none.
    private void Train(int epoch, IProgress<StepReport>? progress, CancellationToken stop)
    {
        Network.Train.Run(epoch, progress, stop);
        FiniteCheck.Run(_device, Parameters, epoch);
        FiniteCheck.Loss(Network.Train.Result().Loss, Phase.Training, epoch);
        var (error, variance) = Network.MeasureIndicators();
        _state = _state with { EstimatingError = error, GradientStability = variance };
    }

    private EpochReport FinishEpoch(int epoch)
    {
        PassResult validation = Network.Validation.Result();
        bool isBest = _state.IsBest(validation);
        var report = new EpochReport(
            epoch, _rates.Rate(epoch), _plan.Estimator.Exponent(epoch, _recipe.Epochs), Network.Train.Result(), validation,
            _state.EstimatingError, _state.GradientStability, _state.Seconds, isBest);
        _state = _state.Next(validation);
        return report;
    }
}
