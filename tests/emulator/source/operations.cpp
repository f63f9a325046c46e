#include "operations.h"

#include "driver.h"

#include <algorithm>
#include <string.h>

namespace reste
{

CUresult LaunchOperation::run(Order order) const
{
    const Settings& settings = driver().settings;
    if (settings.faulty_kernel == launch_.kernel().name)
        return CUDA_ERROR_ILLEGAL_ADDRESS;
    return run_grid(launch_, order, settings.host_threads) ? CUDA_SUCCESS : CUDA_ERROR_LAUNCH_FAILED;
}

CUresult CopyOperation::run(Order) const
{
    if (bytes_ != 0)
        memcpy(target_, source_, bytes_);
    return CUDA_SUCCESS;
}

CUresult FillOperation::run(Order) const
{
    if (bytes_ != 0)
        memset(target_, value_, bytes_);
    return CUDA_SUCCESS;
}

CUresult RecordOperation::run(Order) const
{
    event_->done = std::max(event_->done, record_);
    event_->time = std::chrono::steady_clock::now();
    return CUDA_SUCCESS;
}

CUresult WaitOperation::run(Order) const
{
    CUresult result = CUDA_SUCCESS;
    while (result == CUDA_SUCCESS && event_->done < record_)
        result = run_oldest(*other_);
    return result;
}

CUresult GraphOperation::run(Order order) const
{
    for (const OperationPointer& node : nodes_)
        if (CUresult result = node->run(order); result != CUDA_SUCCESS)
            return result;
    return CUDA_SUCCESS;
}

} // namespace reste
