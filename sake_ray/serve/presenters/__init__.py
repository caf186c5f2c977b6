"""Turn values of the domain into response models, where `ResponseModel.model_validate` alone cannot."""
