#!/bin/bash
# Runs `interplay eval` as a Slurm job array, one slice of the runs a task:
#
#   MODELS="openai/gpt-5 openai/gpt-5-mini" sbatch docs/scale/slurm.sh
#
# FAMILIES and PRESET may be set as well, and LOGS: the folder below which `logs/` lies, which is this one by default.
# For another number of slices set it twice:
#   SLICES=40 MODELS=… sbatch --array=1-40 docs/scale/slurm.sh
# The same command again goes on where it stopped; a single slice with --array=3.
#SBATCH --job-name=interplay
#SBATCH --array=1-8
#SBATCH --cpus-per-task=2
#SBATCH --mem=8G
#SBATCH --time=12:00:00
#SBATCH --signal=TERM@120
#SBATCH --requeue
#SBATCH --output=interplay-%A-%a.log
set -euo pipefail

models=()
for model in ${MODELS:?set MODELS to one or more models}; do models+=(--model "$model"); done

cd "${LOGS:-.}"
# shellcheck disable=SC2086  # families are words of their own
srun interplay eval ${FAMILIES:-mazes deescalation recipe_chains} "${models[@]}" \
  --preset "${PRESET:-standard}" --array "slurm/${SLICES:-8}" --yes
